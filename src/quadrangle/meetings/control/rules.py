"""Decisions about watching and helping: (control, who, what, now) -> (control, facts) or an error.

A teacher may look over the student's shoulder, who always sees it; for keyboard and mouse the
student's word is needed, in advance or in answer. One hand at a time: while the teacher has them
the student has not, but the student's *take back* holds at once and whatever was before.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, Forbidden, Gone
from quadrangle.kernel.principal import SYSTEM, Principal
from quadrangle.meetings.control.model import Act, Control, Help, Viewer
from quadrangle.meetings.model import MeetingRole, other_side
from quadrangle.meetings.ports import Right

CONTROL_CHANGED = "meeting.control-changed"
MAX_VIEWERS = 4  # connections of one side to the other's desktop
SILENT_AFTER = timedelta(seconds=70)  # a viewer is written down every 20
TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT

Decision = tuple[Control, list[Change]]


def right(control: Control, viewer: MeetingRole, desktop: MeetingRole) -> Right | None:
    """Return what a side may do on a desktop now; None: not even see it."""
    given = control.help is Help.GIVEN
    if viewer is desktop:
        return Right.WATCH if given and desktop is STUDENT else Right.CONTROL
    if control.over:
        return None
    if viewer is TEACHER:
        return Right.CONTROL if given else Right.WATCH
    return Right.WATCH if control.shared else None


def act(
    control: Control, side: MeetingRole, wanted: Act, actor: Principal, now: datetime
) -> Decision:
    """Do what a side wants. Raises Gone, Forbidden for what is the other side's to do, and
    Conflict where it does not follow from what was before."""
    _require_going_on(control)
    whose, follows = _ACTS[wanted]
    if side is not whose:
        raise Forbidden("This is for the other side of the meeting to do.")
    return _decided(control, follows(control), wanted.value, actor, now)


def watch(
    control: Control, side: MeetingRole, connection_id: str, actor: Principal, now: datetime
) -> Decision:
    """Begin to see the other side's desktop. Raises Gone, Forbidden, Conflict."""
    _require_going_on(control)
    if right(control, side, other_side(side)) is None:
        raise Forbidden("The teacher does not share this desktop just now.")
    if sum(viewer.role is side for viewer in control.viewers) >= MAX_VIEWERS:
        raise Conflict("This desktop is open in too many windows. Please close one.")
    at = to_text(now)
    viewers = (*control.viewers, Viewer(connection_id, side, at, at))
    return _decided(control, _with(control, viewers=viewers), "watch", actor, now)


def leave(
    control: Control, connection_ids: Collection[str], actor: Principal, now: datetime
) -> Decision:
    """End connections. Who sees nothing any more has no keyboard and mouse either."""
    return _decided(control, _without(control, connection_ids), "leave", actor, now)


def seen(control: Control, connection_ids: Collection[str], now: datetime) -> Decision:
    """Note that connections are open still; nobody is told of it."""
    at = to_text(now)
    viewers = tuple(
        msgspec.structs.replace(viewer, seen_at=at)
        if viewer.connection_id in connection_ids
        else viewer
        for viewer in control.viewers
    )
    if viewers == control.viewers:
        return control, []
    return _with(control, viewers=viewers, version=control.version + 1), []


def forget_silent(control: Control, now: datetime) -> Decision:
    """End connections that nothing was heard of: their server is gone, and could not say so."""
    before = to_text(now - SILENT_AFTER)
    silent = [viewer.connection_id for viewer in control.viewers if viewer.seen_at < before]
    return leave(control, silent, SYSTEM, now)


def next_silent_at(control: Control) -> datetime | None:
    """Return when the first viewer would count as gone."""
    first = min((viewer.seen_at for viewer in control.viewers), default=None)
    return None if first is None else from_text(first) + SILENT_AFTER


def end(control: Control, now: datetime) -> Decision:
    """The meeting is over: nobody sees or helps any more."""
    ended = _with(control, help=Help.NONE, shared=False, viewers=(), over=True)
    return _decided(control, ended, "end", SYSTEM, now)


def _require_going_on(control: Control) -> None:
    if control.over:
        raise Gone("This meeting is over.")


def _ask(control: Control) -> Control:
    if TEACHER not in control.watchers():
        raise Conflict("Please look at the student's desktop first.")
    answers = {Help.NONE: Help.ASKED, Help.CALLED: Help.GIVEN}
    return _with(control, help=answers.get(control.help, control.help))


def _call(control: Control) -> Control:
    if control.help is Help.ASKED:
        return _with(control, help=Help.GIVEN)
    return _with(control, help=Help.CALLED) if control.help is Help.NONE else control


def _allow(control: Control) -> Control:
    if control.help is Help.GIVEN:
        return control
    if control.help is not Help.ASKED:
        raise Conflict("The teacher does not ask for keyboard and mouse any more.")
    return _with(control, help=Help.GIVEN)


def _refuse(control: Control) -> Control:
    if control.help is Help.GIVEN:
        raise Conflict("The teacher has keyboard and mouse. Please take them back.")
    return _with(control, help=Help.NONE)


def _hand_back(control: Control) -> Control:
    """What the student called for stays called for."""
    return control if control.help is Help.CALLED else _with(control, help=Help.NONE)


def _take_back(control: Control) -> Control:
    return _with(control, help=Help.NONE)


def _share(control: Control) -> Control:
    return _with(control, shared=True)


def _unshare(control: Control) -> Control:
    viewers = tuple(viewer for viewer in control.viewers if viewer.role is not STUDENT)
    return _with(control, shared=False, viewers=viewers)


_ACTS: dict[Act, tuple[MeetingRole, Callable[[Control], Control]]] = {
    Act.ASK: (TEACHER, _ask),
    Act.HAND_BACK: (TEACHER, _hand_back),
    Act.SHARE: (TEACHER, _share),
    Act.UNSHARE: (TEACHER, _unshare),
    Act.CALL: (STUDENT, _call),
    Act.ALLOW: (STUDENT, _allow),
    Act.REFUSE: (STUDENT, _refuse),
    Act.TAKE_BACK: (STUDENT, _take_back),
}


def _without(control: Control, connection_ids: Collection[str]) -> Control:
    viewers = tuple(v for v in control.viewers if v.connection_id not in connection_ids)
    left = _with(control, viewers=viewers)
    if TEACHER not in left.watchers() and left.help in (Help.ASKED, Help.GIVEN):
        return _with(left, help=Help.NONE)
    return left


def _with(control: Control, **values: Any) -> Control:
    return msgspec.structs.replace(control, **values)


def _decided(
    before: Control, after: Control, what: str, actor: Principal, now: datetime
) -> Decision:
    """Return the next version with its fact; what changes nothing is not told."""
    if after == before:
        return before, []
    data = {
        "what": what,
        "help": after.help,
        "shared": after.shared,
        "watching": list(after.watchers()),
    }
    change = Change(
        kind=CONTROL_CHANGED,
        subject=after.meeting_id,
        data=data,
        actor=actor.name,
        at=to_text(now),
        actor_id=actor.account_id,
        origin=actor.origin,
    )
    return _with(after, version=before.version + 1), [change]
