"""What each thing that one of the two does makes of the record, where it follows from it."""

from collections.abc import Callable, Collection
from typing import Any

import msgspec

from quadrangle.kernel.errors import Conflict, Forbidden
from quadrangle.meetings.control.model import Action, Control, Help, Look
from quadrangle.meetings.model import MeetingRole

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT


def look(control: Control, side: MeetingRole, at: str) -> Control:
    """Begin to look. Raises Forbidden."""
    if side is STUDENT and not control.offered:
        raise Forbidden("The teacher does not share this desktop just now.")
    if side in control.watching:
        return control
    return with_values(control, looks=(*control.looks, Look(side, at, at)))


def stop(control: Control, side: MeetingRole) -> Control:
    """Look no more, and end the connections that did."""
    ids = [viewer.connection_id for viewer in control.viewers if viewer.role is side]
    looks = tuple(each for each in control.looks if each.role is not side)
    return without(with_values(control, looks=looks), ids)


def without(control: Control, connection_ids: Collection[str]) -> Control:
    """Take out connections. Who is not connected has no keyboard and mouse."""
    viewers = tuple(v for v in control.viewers if v.connection_id not in connection_ids)
    left = with_values(control, viewers=viewers)
    if not left.is_connected(TEACHER) and left.help in (Help.ASKED, Help.GIVEN):
        return with_values(left, help=Help.NONE)
    return left


def with_values(control: Control, **values: Any) -> Control:
    """Return the record with other values; its version stays."""
    return msgspec.structs.replace(control, **values)


def _require_connected_teacher(control: Control) -> None:
    if not control.is_connected(TEACHER):
        raise Conflict("The teacher does not see the student's desktop just now.")


def _ask(control: Control) -> Control:
    _require_connected_teacher(control)
    answers = {Help.NONE: Help.ASKED, Help.CALLED: Help.GIVEN}
    return with_values(control, help=answers.get(control.help, control.help))


def _call(control: Control) -> Control:
    if control.help is Help.ASKED:
        return _grant(control)
    return with_values(control, help=Help.CALLED) if control.help is Help.NONE else control


def _grant(control: Control) -> Control:
    if control.help is Help.GIVEN:
        return control
    if control.help is not Help.ASKED:
        raise Conflict("The teacher does not ask for keyboard and mouse any more.")
    _require_connected_teacher(control)
    return with_values(control, help=Help.GIVEN)


def _refuse(control: Control) -> Control:
    if control.help is Help.GIVEN:
        raise Conflict("The teacher has keyboard and mouse. Please take them back.")
    return with_values(control, help=Help.NONE)


def _hand_back(control: Control) -> Control:
    """What the student called for stays called for."""
    return control if control.help is Help.CALLED else with_values(control, help=Help.NONE)


def _take_back(control: Control) -> Control:
    return with_values(control, help=Help.NONE)


def _offer(control: Control) -> Control:
    return with_values(control, offered=True)


def _withdraw(control: Control) -> Control:
    return stop(with_values(control, offered=False), STUDENT)


_BOTH = frozenset(MeetingRole)
WHOSE: dict[Action, frozenset[MeetingRole]] = {
    Action.WATCH: _BOTH,
    Action.STOP_WATCHING: _BOTH,
    **dict.fromkeys(
        (Action.ASK, Action.HAND_BACK, Action.OFFER, Action.WITHDRAW), frozenset({TEACHER})
    ),
    **dict.fromkeys(
        (Action.CALL, Action.GRANT, Action.REFUSE, Action.TAKE_BACK), frozenset({STUDENT})
    ),
}
FOLLOWS: dict[Action, Callable[[Control], Control]] = {
    Action.ASK: _ask,
    Action.HAND_BACK: _hand_back,
    Action.OFFER: _offer,
    Action.WITHDRAW: _withdraw,
    Action.CALL: _call,
    Action.GRANT: _grant,
    Action.REFUSE: _refuse,
    Action.TAKE_BACK: _take_back,
}
