"""How often people may do what costs others mails, hours and desktops, on every store."""

from datetime import timedelta

import msgspec
import pytest

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, TooManyRequests
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.booking.model import WeeklyPeriod
from quadrangle.meetings.booking.series_rules import Repeat
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.meetings.scheduling.scheduling import Caller
from tests.contracts.meetings.booth import ADA, BO, MONDAY_9, MONDAY_10, PAGE, POLICY, RULES, WEEKLY

EVE = Principal("Eve", Role.TEACHER, new_id())
STAFF = Principal("Staff", Role.STAFF, new_id())
TEACHER = Caller(ADA)
HOUR = timedelta(hours=1)


def new(booth, ahead: timedelta = HOUR, **fields) -> NewMeeting:
    at = to_text(booth.clock.now() + ahead)
    return NewMeeting("Ada Lovelace", "Bo", at, PAGE, **fields)


async def test_what_a_teacher_calls_off_is_no_impatience_of_the_student(booth):
    await booth.publish()
    for _ in range(12):
        meeting = await booth.take(MONDAY_9)
        await booth.scheduling.cancel(meeting.meeting_id, TEACHER)
    await booth.take(MONDAY_9)


async def test_all_that_was_given_back_counts(booth):
    await booth.publish()
    for _ in range(22):  # of the teacher's, before them
        meeting = await booth.take(MONDAY_9)
        await booth.scheduling.cancel(meeting.meeting_id, TEACHER)
    for _ in range(10):
        await booth.changing.cancel((await booth.take(MONDAY_10)).meeting_id, BO)
    with pytest.raises(TooManyRequests):
        await booth.take(MONDAY_10)


async def test_a_student_has_so_many_coming_hours_at_most(booth):
    weekly = tuple(WeeklyPeriod(day, "09:00", "17:00") for day in range(5))
    await booth.publish(weekly=weekly)
    starts = [
        f"2026-11-{day}T{hour:02}:00:00.000Z" for day in (23, 24, 25) for hour in range(8, 16)
    ]
    taken = [await booth.take(each) for each in starts[: POLICY.most_booked]]
    with pytest.raises(Conflict, match="20 coming hours"):
        await booth.take(starts[POLICY.most_booked])
    await booth.changing.cancel(taken[0].meeting_id, BO)
    await booth.take(starts[POLICY.most_booked])


async def test_the_same_hour_taken_again_is_the_one_there_is(booth):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    assert await booth.take(MONDAY_9) == meeting
    assert len(await booth.all()) == 1


async def test_a_teacher_moves_and_renews_so_often_within_an_hour(booth):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    for number in range(5):
        at = to_text(booth.clock.now() + timedelta(days=5, hours=number))
        await booth.scheduling.move(meeting.meeting_id, TEACHER, at)
        await booth.scheduling.renew_links(meeting.meeting_id, TEACHER)
    with pytest.raises(TooManyRequests):
        await booth.scheduling.renew_links(meeting.meeting_id, TEACHER)
    with pytest.raises(TooManyRequests):
        await booth.scheduling.move(meeting.meeting_id, TEACHER, MONDAY_10)
    # they are not the student's
    await booth.changing.move(meeting.meeting_id, MONDAY_10, BO)
    booth.clock.advance(HOUR)
    await booth.scheduling.renew_links(meeting.meeting_id, TEACHER)


async def test_moves_to_what_is_almost_here_are_few(booth):
    meeting = await booth.scheduling.schedule(new(booth), ADA)
    for minute in range(POLICY.hurried_moves):
        at = to_text(booth.clock.now() + timedelta(minutes=minute + 1))
        await booth.scheduling.move(meeting.meeting_id, TEACHER, at)
    at = to_text(booth.clock.now() + timedelta(minutes=9))
    with pytest.raises(Conflict, match="further ahead"):
        await booth.scheduling.move(meeting.meeting_id, TEACHER, at)
    at = to_text(booth.clock.now() + timedelta(hours=3))
    await booth.scheduling.move(meeting.meeting_id, TEACHER, at)


async def test_hours_of_another_teacher_are_for_staff_to_give(booth):
    theirs = new(booth, teacher_id=ADA.account_id)
    key = Principal("API key", Role.TEACHER, scopes=frozenset({"meetings:schedule"}))
    for other in (EVE, key):
        with pytest.raises(Forbidden):
            await booth.scheduling.schedule(theirs, other)
        series = msgspec.structs.replace(WEEKLY, teacher_id=ADA.account_id)
        with pytest.raises(Forbidden):
            await booth.series.schedule(series, Repeat(times=2), other)
    for actor in (ADA, STAFF):
        assert (await booth.scheduling.schedule(theirs, actor)).teacher_id == ADA.account_id


async def test_what_is_scheduled_for_the_past_takes_the_hour_in_which_it_runs(booth):
    # 09:30 UTC on a Saturday, of a meeting that was to begin ten hours ago
    weekly = (WeeklyPeriod(5, "10:00", "13:00"),)
    rules = msgspec.structs.replace(RULES, booking_notice=0)
    await booth.publish(rules, weekly=weekly)
    assert await booth.open("2026-11-21") == ["11:00", "12:00"]
    past = new(booth, -10 * HOUR, teacher_id=ADA.account_id, minutes=120)
    await booth.scheduling.schedule(past, ADA)
    assert await booth.open("2026-11-21") == []
    for _ in range(2):
        await booth.scheduling.schedule(new(booth, teacher_id=ADA.account_id), ADA)
    with pytest.raises(Conflict, match="3 meetings"):
        await booth.scheduling.schedule(new(booth, teacher_id=ADA.account_id), ADA)


async def test_a_student_is_told_what_cannot_be_changed_any_more(booth):
    await booth.publish(msgspec.structs.replace(RULES, moving_notice=47 * 60))
    meeting = await booth.take(MONDAY_9)
    said = await booth.changing.refusals(meeting, BO)
    assert said.move.startswith("It can be moved up to 47 hours")
    assert said.cancel is None
    assert await booth.changing.refusals(meeting, ADA) is None
