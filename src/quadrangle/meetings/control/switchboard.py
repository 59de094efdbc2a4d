"""The live connections of this process, and rights taken to them at once."""

from collections.abc import Iterator

import msgspec

from quadrangle.http.streaming.line import NOT_HEARD, OVER, WITHDRAWN, Ending, Line
from quadrangle.meetings.control import rules
from quadrangle.meetings.control.model import Control, Help
from quadrangle.meetings.control.ports import Gate
from quadrangle.meetings.model import MeetingRole

MOST_OF_PERSON = 8  # connections of one side of a meeting, to both desktops
ELSEWHERE = Ending(4409, "It was opened in too many windows: this was the oldest.")


class OpenLine(msgspec.Struct, frozen=True, eq=False):
    """A live connection of `holder` to the desktop of a side.

    `account_id` is whose account opened it, None where a link of `link_generation` did;
    `holder_id` the account that `holder` is, where it is one.
    """

    connection_id: str
    meeting_id: str
    holder: MeetingRole
    desktop: MeetingRole
    line: Line
    gate: Gate
    account_id: str | None
    link_generation: int
    holder_id: str | None = None

    @property
    def is_guest(self) -> bool:
        return self.holder is not self.desktop


class Switchboard:
    """Knows who is connected here. Nothing in it waits, so that a right that is withdrawn is
    withdrawn before anything else happens."""

    def __init__(self) -> None:
        # in the order in which they came
        self._seats: dict[str, dict[OpenLine, None]] = {}
        self._known: dict[str, Control] = {}
        self._ahead: set[str] = set()  # meetings in which a hand was taken back and not yet written

    def add(self, seat: OpenLine, control: Control) -> None:
        """Take a connection in, with what is known of its meeting; the oldest of one person's
        that is one too many ends."""
        seats = self._seats.setdefault(seat.meeting_id, {})
        seats[seat] = None
        own = [each for each in seats if each.holder is seat.holder]
        for each in own[: max(0, len(own) - MOST_OF_PERSON)]:
            each.line.end(ELSEWHERE)
            del seats[each]
        self.apply(control)
        self._set(seat, self._known[seat.meeting_id])

    def remove(self, seat: OpenLine) -> None:
        """Forget a connection."""
        seats = self._seats.get(seat.meeting_id, {})
        seats.pop(seat, None)
        if not seats:
            self._seats.pop(seat.meeting_id, None)
            self._known.pop(seat.meeting_id, None)
            self._ahead.discard(seat.meeting_id)

    def meetings(self) -> list[str]:
        """Return the ids of meetings that somebody is connected to here."""
        return list(self._seats)

    def opened_by(self, subject: str) -> list[OpenLine]:
        """Return the connections of an account, also by its side's link, or those to a meeting."""
        seats = [seat for each in self._seats.values() for seat in each]
        return [seat for seat in seats if subject in _about(seat)]

    def apply(self, control: Control) -> None:
        """Give every connection of the meeting the right it has now. What is older than what is
        known already changes nothing."""
        if control.meeting_id not in self._seats:
            return
        known = self._known.get(control.meeting_id)
        if known is not None and control.version <= known.version:
            return
        self._known[control.meeting_id] = control
        is_news = known is None or _essence(known) != _essence(control)
        if is_news or control.meeting_id in self._ahead:
            self._set_all(control)
        self._ahead.discard(control.meeting_id)

    def take_back(self, meeting_id: str) -> None:
        """Withdraw the teacher's hand here before it is written down, and whether or not it can
        be: it stays withdrawn until something newer is known."""
        known = self._known.get(meeting_id)
        if known is not None and known.help is Help.GIVEN:
            self._known[meeting_id] = taken = msgspec.structs.replace(known, help=Help.NONE)
            self._ahead.add(meeting_id)
            self._set_all(taken)

    def end_all(self, ending: Ending) -> None:
        """End every connection, such as when the server stops."""
        for seats in list(self._seats.values()):
            for seat in list(seats):
                seat.line.end(ending)

    def _set_all(self, control: Control) -> None:
        for seat in self._withdrawn_first(control):
            self._set(seat, control)

    def _withdrawn_first(self, control: Control) -> Iterator[OpenLine]:
        """Yield the connections so that nobody gets a hand before the other one has lost it."""
        seats = self._seats.get(control.meeting_id, {})
        gains = control.help is Help.GIVEN
        yield from sorted(seats, key=lambda seat: seat.is_guest is gains)

    def _set(self, seat: OpenLine, control: Control) -> None:
        right = rules.right(control, seat.holder, seat.desktop)
        if control.over:
            seat.line.end(OVER)
        elif right is None:
            seat.line.end(WITHDRAWN)
        elif seat.is_guest and not _is_listed(seat, control):
            seat.line.end(NOT_HEARD)
        else:
            if right is not seat.gate.right:
                seat.line.to_server(seat.gate.set_right(right))
            note = {**rules.told(control), "version": control.version}
            seat.line.tell({"right": right, "control": note})


def _about(seat: OpenLine) -> tuple[str | None, ...]:
    return seat.account_id, seat.holder_id, seat.meeting_id


def _essence(control: Control) -> tuple[object, ...]:
    """What rights follow from; a viewer that was seen again is the same viewer."""
    listed = {viewer.connection_id for viewer in control.viewers}
    return rules.told(control), control.over, listed


def _is_listed(seat: OpenLine, control: Control) -> bool:
    """Nobody sees a desktop whose person is not told so."""
    return any(viewer.connection_id == seat.connection_id for viewer in control.viewers)
