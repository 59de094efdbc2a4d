"""A student moves a meeting and calls it off, on every store."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from quadrangle.kernel.errors import Conflict, Forbidden, Gone, NotFound
from quadrangle.meetings.model import Meeting, Status
from quadrangle.meetings.scheduling.claims_model import HourTaken
from quadrangle.meetings.scheduling.scheduling import Caller
from tests.contracts.meetings.booth import (
    ADA,
    BO,
    CY,
    MONDAY_9,
    MONDAY_10,
    NEXT_MONDAY_9,
    RULES,
    STUDENTS,
)


async def test_a_student_moves_to_another_hour(booth):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    moved = await booth.changing.move(meeting.meeting_id, MONDAY_10, BO)
    assert (moved.meet_time, moved.local_time) == (MONDAY_10, "2026-11-23T10:00:00")
    assert (moved.sequence, moved.version) == (1, 2)
    assert await booth.open("2026-11-23", CY) == ["09:00", "11:00"]
    await booth.take(MONDAY_9, CY)
    with pytest.raises(HourTaken):
        await booth.changing.move(meeting.meeting_id, MONDAY_9, BO)


async def test_of_many_who_move_to_one_hour_one_gets_it(booths):
    await booths[0].publish()
    theirs = [
        await booths[0].take(f"2026-11-2{day}T08:00:00Z", STUDENTS[day]) for day in (4, 5, 6, 7)
    ]
    moves = [
        booths[n % 2].changing.move(each.meeting_id, MONDAY_9, STUDENTS[4 + n])
        for n, each in enumerate(theirs)
    ]
    results = await asyncio.gather(*moves, return_exceptions=True)
    assert sum(isinstance(each, Meeting) for each in results) == 1
    assert sum(isinstance(each, HourTaken) for each in results) == 3
    starts = sorted(each.meet_time for each in await booths[0].all())
    assert starts[0] == MONDAY_9
    assert len(set(starts)) == 4


async def test_a_move_within_a_full_week_keeps_its_place(booth):
    await booth.publish(msgspec.structs.replace(RULES, weekly_limit=1))
    meeting = await booth.take(MONDAY_9)
    moved = await booth.changing.move(meeting.meeting_id, MONDAY_10, BO)
    with pytest.raises(Conflict, match="one hour a week"):
        await booth.take(MONDAY_9)
    await booth.changing.move(moved.meeting_id, NEXT_MONDAY_9, BO)
    await booth.take(MONDAY_9)


async def test_a_meeting_is_not_moved_to_where_it_is(booth):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    with pytest.raises(Conflict, match="at that time already"):
        await booth.changing.move(meeting.meeting_id, MONDAY_9, BO)
    assert await booth.meetings.get(meeting.meeting_id) == meeting


async def test_it_is_too_late_to_change_within_the_notice(booth, clock):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    clock.advance(timedelta(days=1, hours=21, minutes=31))
    with pytest.raises(Conflict, match="moved up to 1 hour before it begins"):
        await booth.changing.move(meeting.meeting_id, NEXT_MONDAY_9, BO)
    with pytest.raises(Conflict, match="called off up to 1 hour before it begins"):
        await booth.changing.cancel(meeting.meeting_id, BO)


async def test_nobody_else_changes_a_meeting_here(booth):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    with pytest.raises(NotFound):
        await booth.changing.cancel(meeting.meeting_id, CY)
    with pytest.raises(Forbidden):
        await booth.changing.move(meeting.meeting_id, MONDAY_10, ADA)
    # nor does the student do what only teachers may
    with pytest.raises(Forbidden):
        await booth.scheduling.cancel(meeting.meeting_id, Caller(BO))


async def test_a_meeting_that_was_called_off_leaves_its_hour(booth):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    off = await booth.changing.cancel(meeting.meeting_id, BO)
    assert (off.status, off.sequence) == (Status.CANCELLED, 1)
    with pytest.raises(Gone):
        await booth.changing.cancel(meeting.meeting_id, BO)
    with pytest.raises(Gone):
        await booth.changing.move(meeting.meeting_id, MONDAY_10, BO)
    await booth.take(MONDAY_9, CY)


async def test_a_version_that_was_overtaken(booth):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    moved = await booth.changing.move(meeting.meeting_id, MONDAY_10, BO, version=1)
    for change in (
        booth.changing.move(meeting.meeting_id, MONDAY_9, BO, version=1),
        booth.changing.cancel(meeting.meeting_id, BO, version=1),
    ):
        with pytest.raises(Conflict):
            await change
    assert await booth.meetings.get(meeting.meeting_id) == moved
