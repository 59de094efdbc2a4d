"""What reporters are told of a status that is changed, changed again and changed back."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from quadrangle.issues.model import Status
from quadrangle.issues.status_moves import STATUS_CHANGED, left_to_wait, move_to_tell
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text

START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
WAIT = timedelta(minutes=1)
OPEN, WORKED_ON, RESOLVED = Status.OPEN, Status.IN_PROGRESS, Status.RESOLVED


def moves(*steps: tuple[int, Status]) -> list[Change]:
    """Return a report and what followed it: the seconds, and what its status became."""
    history = [Change("issue.reported", "x", {}, "Ann", to_text(START), seq=1)]
    before = OPEN
    for seconds, status in steps:
        data = {"field": "status", "old": before, "new": status}
        at = to_text(START + timedelta(seconds=seconds))
        history.append(Change(STATUS_CHANGED, "x", data, "Sam", at, seq=len(history) + 1))
        before = status
    # what the feed gives back are plain texts
    return msgspec.json.decode(msgspec.json.encode(history), type=list[Change])


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([(0, RESOLVED)], [(OPEN, RESOLVED)]),
        ([(0, RESOLVED), (9, OPEN)], []),
        ([(0, WORKED_ON), (9, RESOLVED)], [(OPEN, RESOLVED)]),
        ([(0, WORKED_ON), (9, RESOLVED), (20, WORKED_ON)], [(OPEN, WORKED_ON)]),
        ([(0, WORKED_ON), (50, RESOLVED), (100, OPEN)], []),
        ([(0, RESOLVED), (60, OPEN)], [(OPEN, RESOLVED), (RESOLVED, OPEN)]),
        ([(0, RESOLVED), (90, OPEN), (99, RESOLVED)], [(OPEN, RESOLVED)]),
    ],
)
def test_what_is_undone_within_a_minute_is_told_by_no_mail(steps, told):
    history = moves(*steps)
    each = [move_to_tell(history, change, WAIT) for change in history[1:]]
    assert [move for move in each if move] == told


def test_without_a_wait_each_change_is_told():
    history = moves((0, RESOLVED), (0, OPEN))
    told = [move_to_tell(history, change, timedelta(0)) for change in history[1:]]
    assert told == [(OPEN, RESOLVED), (RESOLVED, OPEN)]


@pytest.mark.parametrize(("passed", "left"), [(0, 60), (59, 1), (60, 0), (99, -39), (-3600, 60)])
def test_it_waits_a_minute_from_the_change_whatever_clocks_say(passed: int, left: int):
    (_, change) = moves((0, RESOLVED))
    now = START + timedelta(seconds=passed)
    assert left_to_wait(change, now, WAIT) == timedelta(seconds=left)
