"""Decisions about watching and helping: (control, who, what, now) -> (control, facts) or an error.

A teacher may look over the student's shoulder, who is always told; for keyboard and mouse the
student's word is needed, in advance or in answer. One hand at a time: while the teacher has them
the student has not, but the student's *take back* holds at once and whatever was before.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, Forbidden, Gone
from quadrangle.kernel.principal import SYSTEM, Principal
from quadrangle.meetings.control import step_rules as steps
from quadrangle.meetings.control.model import Action, Control, Help, Viewer
from quadrangle.meetings.control.step_rules import STUDENT, TEACHER, with_values
from quadrangle.meetings.model import MeetingRole, Right

CONTROL_CHANGED = "meeting.control-changed"
MAX_VIEWERS = 4  # connections of one side to the other's desktop
SEEN_EVERY = timedelta(seconds=20)
SILENT_AFTER = timedelta(seconds=70)

Decision = tuple[Control, list[Change]]


def right(control: Control, viewer: MeetingRole, desktop: MeetingRole) -> Right | None:
    """Return what a side may do on a desktop now; None: not even see it."""
    if viewer is desktop:
        return Right.CONTROL if desktop is TEACHER or control.hand is STUDENT else Right.WATCH
    if viewer not in control.watching:
        return None
    return Right.CONTROL if viewer is control.hand is TEACHER else Right.WATCH


def act(
    control: Control, side: MeetingRole, wanted: Action, actor: Principal, now: datetime
) -> Decision:
    """Do what a side wants. Raises Gone, Forbidden for what is the other side's to do, and
    Conflict where it does not follow from what was before."""
    _require_going_on(control)
    if side not in steps.WHOSE[wanted]:
        raise Forbidden("This is for the other side of the meeting to do.")
    if wanted is Action.WATCH:
        after = steps.look(control, side, to_text(now))
    elif wanted is Action.STOP_WATCHING:
        after = steps.stop(control, side)
    else:
        after = steps.FOLLOWS[wanted](control)
    return _decided(control, after, wanted, actor, now)


def connect(control: Control, side: MeetingRole, connection_id: str, now: datetime) -> Decision:
    """Take in a connection of a side that looks. Raises Gone, Forbidden, Conflict."""
    _require_going_on(control)
    if side not in control.watching:
        raise Forbidden("Please say first that you want to watch.")
    if sum(viewer.role is side for viewer in control.viewers) >= MAX_VIEWERS:
        raise Conflict("This desktop is open in too many windows. Please close one.")
    viewers = (*control.viewers, Viewer(connection_id, side, to_text(now)))
    return _unheard(control, with_values(control, viewers=viewers)), []


def leave(control: Control, connection_ids: Collection[str], now: datetime) -> Decision:
    """Take out connections that ended. Who is not connected has no keyboard and mouse; to look
    ends only some time later, as a page may come again."""
    after = steps.without(_seen(control, connection_ids, to_text(now)), connection_ids)
    if after.help is control.help:
        return _unheard(control, after), []
    return _decided(control, after, "leave", SYSTEM, now)


def seen(control: Control, connection_ids: Collection[str], now: datetime) -> Decision:
    """Note that connections are open still; nobody is told of it."""
    return _unheard(control, _seen(control, connection_ids, to_text(now))), []


def forget_silent(control: Control, now: datetime) -> Decision:
    """End what nothing was heard of: a page that stays away, a server that was killed."""
    before = to_text(now - SILENT_AFTER)
    silent = [viewer.connection_id for viewer in control.viewers if viewer.seen_at < before]
    after = steps.without(control, silent)
    for look in control.looks:
        if look.seen_at < before and not after.is_connected(look.role):
            after = steps.stop(after, look.role)
    return _decided(control, after, "silence", SYSTEM, now)


def silent_at(control: Control) -> datetime | None:
    """Return when there may be something to forget."""
    first = min((each.seen_at for each in (*control.viewers, *control.looks)), default=None)
    return None if first is None else from_text(first) + SILENT_AFTER


def end(control: Control, now: datetime) -> Decision:
    """The meeting is over: nobody sees or helps any more."""
    ended = with_values(control, help=Help.NONE, offered=False, looks=(), viewers=(), over=True)
    return _decided(control, ended, "end", SYSTEM, now)


def _require_going_on(control: Control) -> None:
    if control.over:
        raise Gone("This meeting is over.")


def _seen(control: Control, connection_ids: Collection[str], at: str) -> Control:
    seen_roles = {v.role for v in control.viewers if v.connection_id in connection_ids}
    return with_values(
        control,
        viewers=tuple(
            msgspec.structs.replace(v, seen_at=at) if v.connection_id in connection_ids else v
            for v in control.viewers
        ),
        looks=tuple(
            msgspec.structs.replace(look, seen_at=at) if look.role in seen_roles else look
            for look in control.looks
        ),
    )


def _unheard(before: Control, after: Control) -> Control:
    """Return the next version, of which nobody is told."""
    return before if after == before else with_values(after, version=before.version + 1)


def _decided(
    before: Control, after: Control, what: str, actor: Principal, now: datetime
) -> Decision:
    """Return the next version with its fact; what changes nothing is not told."""
    if after == before:
        return before, []
    change = Change(
        kind=CONTROL_CHANGED,
        subject=after.meeting_id,
        data={"what": what, **told(after)},
        actor=actor.name,
        at=to_text(now),
        actor_id=actor.account_id,
        origin=actor.origin,
    )
    return with_values(after, version=before.version + 1), [change]


def told(control: Control) -> dict[str, Any]:
    """Return what both sides are told of it."""
    return {
        "watching": list(control.watching),
        "asked": control.help is Help.ASKED,
        "called": control.help is Help.CALLED,
        "hand": control.hand,
        "offered": control.offered,
    }
