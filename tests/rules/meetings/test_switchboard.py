"""How many connections one side of a meeting has at once."""

from typing import Any

from quadrangle.http.streaming.line import Ending
from quadrangle.meetings.control.model import Control
from quadrangle.meetings.control.switchboard import MOST_OF_PERSON, OpenLine, Switchboard
from quadrangle.meetings.model import MeetingRole, Right

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT


class FakeLine:
    ended: Ending | None = None

    def end(self, ending: Ending) -> None:
        self.ended = ending

    def tell(self, note: Any) -> None: ...

    def to_server(self, data: bytes) -> None: ...


class FakeGate:
    right = Right.WATCH

    def set_right(self, right: Right) -> bytes:
        self.right = right
        return b""


def seat(number: int, side: MeetingRole) -> Any:
    line: Any = FakeLine()
    gate: Any = FakeGate()
    return OpenLine(f"{side}-{number}", "m1", side, side, line, gate, None, 1)


def test_the_oldest_of_one_person_ends_and_nobody_elses():
    board, control = Switchboard(), Control("m1")
    other = seat(0, TEACHER)
    board.add(other, control)
    mine = [seat(number, STUDENT) for number in range(MOST_OF_PERSON + 2)]
    for each in mine:
        board.add(each, control)
    assert [each.line.ended.code for each in mine[:2]] == [4409, 4409]
    assert all(each.line.ended is None for each in [*mine[2:], other])
    for each in [*mine, other]:  # also what has ended is told to be gone
        board.remove(each)
    assert board.meetings() == []
