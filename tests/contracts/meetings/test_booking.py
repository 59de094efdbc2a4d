"""An hour becomes one student's: on every store, whoever else wants it at the same moment."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, TooManyRequests
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.booking.hours_rules import NewHours
from quadrangle.meetings.booking.model import WeeklyPeriod
from quadrangle.meetings.model import Meeting, Status, Workspace
from quadrangle.meetings.scheduling.claims_model import HourTaken, NoRoomThen, RoomLimit
from quadrangle.meetings.scheduling.rules import NewMeeting
from tests.contracts.meetings.booth import (
    ADA,
    BO,
    CY,
    MONDAY_9,
    MONDAY_10,
    NEXT_MONDAY_9,
    PAGE,
    RULES,
    STUDENTS,
    Booth,
)

NO_ROOM = RoomLimit(1, 600, "All desktops are taken at that time. Please choose another hour.")


@pytest.mark.parametrize("role", [Role.STUDENT, None])
async def test_who_teaches_no_more_offers_nothing(booth, role: Role | None):
    await booth.publish()
    booked = await booth.take(MONDAY_9)
    booth.roles.others[ADA.account_id] = role
    assert (await booth.looking.teachers(20, None, "UTC", BO)).items == []
    with pytest.raises(NotFound):
        await booth.open("2026-11-23")
    with pytest.raises(NotFound):
        await booth.take(MONDAY_10)
    with pytest.raises(NotFound):
        await booth.changing.move(booked.meeting_id, MONDAY_10, BO)
    await booth.changing.cancel(booked.meeting_id, BO)


async def test_a_student_takes_an_hour(booth):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    assert await booth.meetings.get(meeting.meeting_id) == meeting
    assert (meeting.teacher_name, meeting.student_name) == ("Ada Lovelace", "Student 0")
    assert (meeting.teacher_id, meeting.student_id) == (ADA.account_id, BO.account_id)
    assert (meeting.meet_time, meeting.minutes, meeting.time_zone) == (
        MONDAY_9,
        60,
        "Europe/Berlin",
    )
    assert meeting.local_time == "2026-11-23T09:00:00"
    assert (meeting.status, meeting.frontend_base_url) == (Status.SCHEDULED, PAGE)
    assert await booth.open("2026-11-23") == ["10:00", "11:00"]
    assert await booth.kinds() == ["hours.published", "meeting.scheduled"]


async def test_a_preview_shows_what_would_be_open_and_saves_nothing(booth):
    weekly = (WeeklyPeriod(0, "09:00", "11:00"),)
    new = NewHours("Europe/Berlin", 60, weekly)
    day = ("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "UTC")
    seen = await booth.looking.preview(new, *day, ADA)
    assert [slot.teacher_time[11:16] for slot in seen.slots] == ["09:00", "10:00"]
    assert await booth.kinds() == []
    with pytest.raises(Forbidden):
        await booth.looking.preview(new, *day, BO)
    with pytest.raises(InvalidInput):
        await booth.looking.preview(NewHours("Europe/Berlin", 60, ()), *day, ADA)


async def test_who_takes_hours_only_to_give_them_back_is_asked_to_stop(booth):
    """Each of both is a mail to the teacher."""
    await booth.publish()
    for _ in range(10):
        await booth.changing.cancel((await booth.take(MONDAY_9)).meeting_id, BO)
    with pytest.raises(TooManyRequests):
        await booth.take(MONDAY_9)
    await booth.take(MONDAY_9, CY)
    booth.clock.advance(timedelta(hours=25))
    await booth.take(MONDAY_10)


async def test_a_meeting_is_moved_so_often_and_no_more(booth):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    for number in range(10):
        to = MONDAY_9 if number % 2 else MONDAY_10
        meeting = await booth.changing.move(meeting.meeting_id, to, BO)
    with pytest.raises(Conflict, match="moved too often"):
        await booth.changing.move(meeting.meeting_id, MONDAY_10, BO)


async def test_of_twenty_who_take_one_hour_one_gets_it(booths):
    """Case 3 of the meetings."""
    await booths[0].publish()
    takes = [booths[n % 2].take(MONDAY_9, each) for n, each in enumerate(STUDENTS)]
    results = await asyncio.gather(*takes, return_exceptions=True)
    assert sum(isinstance(each, Meeting) for each in results) == 1
    assert sum(isinstance(each, HourTaken) for each in results) == 19
    assert len(await booths[0].all()) == 1
    assert (await booths[0].kinds()).count("meeting.scheduled") == 1


async def test_a_student_takes_one_of_two_hours_at_once(booths):
    """The hours are of two teachers; both processes look before either writes."""
    eve = Principal("Eve", Role.TEACHER, new_id())
    await booths[0].publish()
    weekly = (WeeklyPeriod(0, "09:30", "10:30"),)
    await booths[0].publishing.publish(NewHours("Europe/Berlin", 60, weekly, rules=RULES), eve)
    half_past = "2026-11-23T08:30:00.000Z"
    results = await asyncio.gather(
        booths[0].take(MONDAY_9),
        booths[1].taking.take(eve.account_id, half_past, BO),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Meeting) for each in results) == 1
    assert sum(isinstance(each, HourTaken) for each in results) == 1
    if isinstance(results[0], Meeting):
        assert await booths[0].take(MONDAY_9) == results[0]  # the same hour again is that one
    else:
        with pytest.raises(HourTaken):
            await booths[0].take(MONDAY_9)


async def test_the_buffer_stays_free_whatever_was_published_since(booths):
    await booths[0].publish()
    await booths[0].take(MONDAY_9)
    shifted = tuple(WeeklyPeriod(day, "08:55", "12:00") for day in range(5))
    await booths[0].publish(msgspec.structs.replace(RULES, buffer=15), weekly=shifted)
    # 08:55 to 09:55 overlaps; 10:10 comes 10 minutes after the end
    assert await booths[0].open("2026-11-23", CY) == []
    with pytest.raises(HourTaken):
        await booths[1].take("2026-11-23T09:10:00.000Z", CY)
    assert await booths[0].open("2026-11-24", CY) == ["08:55", "10:10"]


async def test_a_limit_a_week_holds_at_the_same_moment(booths):
    await booths[0].publish(msgspec.structs.replace(RULES, weekly_limit=2))
    wanted = [f"2026-11-{day}T0{hour}:00:00.000Z" for day in (23, 24, 25) for hour in (8, 9)]
    takes = [booths[n % 2].take(each) for n, each in enumerate(wanted)]
    results = await asyncio.gather(*takes, return_exceptions=True)
    assert sum(isinstance(each, Meeting) for each in results) == 2
    refused = [each for each in results if not isinstance(each, Meeting)]
    assert all("2 hours a week with this teacher" in str(each) for each in refused)
    await booths[1].take(NEXT_MONDAY_9)
    taken = {each.meet_time for each in await booths[0].all()}
    await booths[1].take(next(each for each in wanted if each not in taken), CY)


async def test_a_place_in_the_week_is_free_again_once_a_meeting_is_called_off(booth):
    await booth.publish(msgspec.structs.replace(RULES, weekly_limit=2))
    first = await booth.take(MONDAY_9)
    await booth.take(MONDAY_10)
    await booth.changing.cancel(first.meeting_id, BO)
    await booth.take("2026-11-24T08:00:00.000Z")
    with pytest.raises(Conflict, match="2 hours a week"):
        await booth.take("2026-11-24T09:00:00.000Z")


async def test_an_hour_that_cannot_be_served_is_refused(booths, clock):
    crowded = Booth(booths[0].stores, clock, NO_ROOM)
    await crowded.publish()
    eve = Principal("Eve", Role.TEACHER, new_id())
    weekly = (WeeklyPeriod(0, "09:30", "12:30"),)
    await crowded.publishing.publish(NewHours("Europe/Berlin", 60, weekly, rules=RULES), eve)
    await crowded.take(MONDAY_9)
    with pytest.raises(NoRoomThen, match="All desktops are taken"):
        await crowded.taking.take(eve.account_id, "2026-11-23T08:30:00.000Z", CY)
    # its desktops start before the others' end
    with pytest.raises(NoRoomThen):
        await crowded.take(MONDAY_10, CY)
    await crowded.take("2026-11-23T10:00:00.000Z", CY)


async def test_what_cannot_be_taken(booth, clock):
    await booth.publish()
    for nonsense in (
        "",
        "soon",
        "2026-11-23T09:00",
        "2026-13-01T00:00:00Z",
        "9999-12-31T23:59:59-23:00",
    ):
        with pytest.raises(InvalidInput):
            await booth.take(nonsense)
    for never in ("2026-11-23T08:00:01Z", "2026-11-21T08:00:00Z", "2026-11-23T11:00:00Z"):
        with pytest.raises(Conflict, match="not one of the teacher's hours"):
            await booth.take(never)
    with pytest.raises(Conflict, match="ahead"):
        await booth.take("2027-03-01T08:00:00Z")
    with pytest.raises(InvalidInput, match="offers: desktop"):
        await booth.take(MONDAY_9, workspace=Workspace.TERMINAL)
    with pytest.raises(Forbidden):
        await booth.take(MONDAY_9, ADA)
    for nobody in (new_id(), "x"):
        with pytest.raises(NotFound):
            await booth.taking.take(nobody, MONDAY_9, BO)
    clock.advance(timedelta(days=1, hours=21, minutes=31))
    with pytest.raises(Conflict, match="up to 1 hour before"):
        await booth.take(MONDAY_9)
    assert await booth.all() == []


async def test_withdrawn_hours_are_not_taken_and_what_was_booked_stays(booth):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await booth.publishing.withdraw(ADA)
    with pytest.raises(NotFound):
        await booth.take(MONDAY_10, CY)
    assert (await booth.looking.teachers(10, None, "UTC", CY)).items == []
    assert (await booth.meetings.get(meeting.meeting_id)) == meeting
    await booth.changing.cancel(meeting.meeting_id, BO)


async def test_what_the_teacher_schedules_takes_an_hour_too(booth):
    await booth.publish()
    new = NewMeeting("Ada", "Cy", MONDAY_9, PAGE, teacher_id=ADA.account_id, minutes=90)
    await booth.scheduling.schedule(new, ADA)
    assert await booth.open("2026-11-23") == ["11:00"]
    with pytest.raises(HourTaken):
        await booth.take(MONDAY_10)


async def test_the_list_of_teachers_tells_the_next_open_hour(booth):
    await booth.publish(weekly=(WeeklyPeriod(0, "09:00", "10:00"),))
    (offer,) = (await booth.looking.teachers(10, None, "Asia/Kathmandu", BO)).items
    assert offer.next_slot is not None
    assert offer.next_slot.reader_time == "2026-11-23T13:45:00+05:45"
    await booth.take(MONDAY_9)
    (offer,) = (await booth.looking.teachers(10, None, "UTC", CY)).items
    assert offer.next_slot is not None
    assert offer.next_slot.starts_at == NEXT_MONDAY_9


async def test_a_look_is_of_six_weeks_at_most(booth):
    await booth.publish()
    for first, last in (
        ("2026-11-23T00:00:00Z", "2027-01-05T00:00:00Z"),
        ("2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("2026-11-23", "2026-11-24T00:00:00Z"),
    ):
        with pytest.raises(InvalidInput):
            await booth.looking.open_hours(ADA.account_id, first, last, "UTC", BO)
