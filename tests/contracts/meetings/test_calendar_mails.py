"""What reaches people's mailboxes and calendars when meetings are made, moved and called off."""

import asyncio
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.jobs import GiveUp, Job
from quadrangle.kernel.mail import Mail
from quadrangle.kernel.principal import SYSTEM
from quadrangle.mail.message import compose, parse_sender
from quadrangle.meetings import life_rules
from quadrangle.meetings.booking.model import WeeklyPeriod
from quadrangle.meetings.booking.series_rules import Repeat
from quadrangle.meetings.calendar.model import ReminderChoice
from quadrangle.meetings.model import Meeting, Status
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.meetings.scheduling.scheduling import Caller
from quadrangle.meetings.status_rules import decide
from tests.contracts.meetings.booth import (
    ADA,
    BO,
    CY,
    MONDAY_9,
    MONDAY_10,
    PAGE,
    POLICY,
    STUDENTS,
    WEEKLY,
    Booth,
)
from tests.contracts.meetings.meeting_post import STAFF, MeetingPost, calendar_of

SENDER = parse_sender("Quadrangle <mail@campus.example>")


@pytest.fixture
def post(booth: Booth) -> MeetingPost:
    return MeetingPost(booth, ADA, *STUDENTS)


def sides(mails: list[Mail]) -> list[str]:
    """Who the mails went to, by the beginnings of their addresses."""
    return [mail.to.split("-")[0] for mail in mails]


def subjects(mails: list[Mail]) -> set[str]:
    return {mail.subject.split(":")[0] for mail in mails}


async def finish(booth: Booth, meeting: Meeting, status: Status, reason: str) -> Meeting:
    """Have a meeting over, as clocks and reconciler do."""
    now = booth.clock.now()
    over, told = life_rules.ended(meeting, status, reason, SYSTEM, now)
    decided, changes = decide(meeting, over, told, SYSTEM, now, POLICY)
    await booth.meetings.save(decided, changes)
    return decided


# -- invitations ------------------------------------------------------------------------------


async def test_of_twenty_bookings_one_meeting_and_one_invitation_a_person(booths):
    """Case 3 of the meetings."""
    await booths[0].publish()
    post = MeetingPost(booths[0], ADA, *STUDENTS)
    takes = [booths[n % 2].take(MONDAY_9, each) for n, each in enumerate(STUDENTS)]
    results = await asyncio.gather(*takes, return_exceptions=True)
    (meeting,) = [each for each in results if isinstance(each, Meeting)]
    mails = await post.deliver()
    assert sides(mails) == ["ada", "student"]
    assert mails[1].to == await post.directory.email_of(meeting.student_id or "")
    assert subjects(mails) == {"Invitation"}
    for mail in mails:
        (event,) = calendar_of(mail).events
        assert event.uid == meeting.meeting_id
        assert event.attendees[0].status == "ACCEPTED"
        assert str(event.attendees[0].uri) == f"mailto:{mail.to}"


async def test_each_side_is_sent_its_own_link(booth, post):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    links = post.links.of(meeting)
    teachers, students = await post.deliver()
    assert links.teacher_link in teachers.text
    assert links.student_link in students.text
    assert links.teacher_link not in students.text
    assert str(calendar_of(students).events[0].url) == links.student_link


async def test_a_cancellation_after_a_move(booth, post):
    """Case 4 of the meetings."""
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    sent = await post.deliver()
    await booth.changing.move(meeting.meeting_id, MONDAY_10, BO)
    sent += await post.deliver()
    await booth.changing.cancel(meeting.meeting_id, BO)
    last = await post.deliver()
    assert sides(last) == ["ada", "student"]
    sequences = [calendar_of(mail).events[0].sequence for mail in sent]
    for mail in last:
        message = message_from_bytes(
            compose("id-1", mail, SENDER, booth.clock.now()).message, policy=policy.default
        )
        (part,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
        assert part.get_param("method") == "CANCEL"
        calendar = calendar_of(mail)
        assert calendar.method == "CANCEL"
        (event,) = calendar.events
        assert event.uid == meeting.meeting_id
        assert event.sequence is not None
        assert event.sequence > max(sequences)
        assert event.status == "CANCELLED"
        assert event.organizer is not None
        assert [str(each.uri) for each in event.attendees] == [f"mailto:{mail.to}"]
        assert event.dtstamp == booth.clock.now().replace(microsecond=0)
    assert sequences == [0, 0, 1, 1]


async def test_a_time_that_was_overtaken_is_sent_to_nobody(booth, post):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await booth.changing.move(meeting.meeting_id, MONDAY_10, BO)
    mails = await post.deliver()
    assert subjects(mails) == {"Moved"}
    assert {calendar_of(mail).events[0].dtstart for mail in mails} == {from_text(MONDAY_10)}


async def test_a_meeting_that_was_called_off_at_once_invites_nobody(booth, post):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await booth.changing.cancel(meeting.meeting_id, BO)
    assert subjects(await post.deliver()) == {"Cancelled"}


async def test_sequences_rise_through_many_moves(booth, post):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    seen = [calendar_of(mail).events[0].sequence for mail in await post.deliver()][:1]
    for n in range(6):
        await booth.changing.move(meeting.meeting_id, (MONDAY_10, MONDAY_9)[n % 2], BO)
        mails = await post.deliver()
        assert len(mails) == 2
        seen.append(calendar_of(mails[0]).events[0].sequence)
    assert seen == list(range(7))


async def test_who_has_no_account_or_has_closed_it_is_not_written_to(booth, post):
    new = NewMeeting("Ada", "Somebody", MONDAY_9, PAGE)
    await booth.scheduling.schedule(new, ADA)
    assert sides(await post.deliver()) == ["ada"]
    await booth.publish()
    await booth.take(MONDAY_10)
    del post.directory.names[BO.account_id]
    assert sides(await post.deliver()) == ["ada"]


async def test_renewed_links_are_sent_again(booth, post):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await post.deliver()
    renewed = await booth.scheduling.renew_links(meeting.meeting_id, Caller(ADA))
    mails = await post.deliver()
    assert renewed.sequence == meeting.sequence + 1
    assert "SEQUENCE:1" in mails[0].calendar.content
    assert subjects(mails) == {"New link"}
    assert post.links.of(renewed).teacher_link in mails[0].text
    assert post.links.of(meeting).teacher_link not in mails[0].text


async def test_renewed_links_leave_the_reminders(booth, post):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await post.deliver()
    before = await post.waiting()
    await booth.scheduling.renew_links(meeting.meeting_id, Caller(ADA))
    await post.deliver()
    assert await post.waiting() == before
    booth.clock.advance(before[0][1] - booth.clock.now())
    assert len(await post.remind(before[0][0])) == 2


async def test_nobody_is_reminded_who_chose_not_to_be(booth, post):
    await booth.publish()
    await booth.take(MONDAY_9)
    await post.deliver()
    (day, day_at), (hour, hour_at) = await post.waiting()
    await post.choices.put(BO.account_id, ReminderChoice(day=False, hour=True))
    await post.choices.put(ADA.account_id, ReminderChoice(day=False, hour=False))
    booth.clock.advance(day_at - booth.clock.now())
    assert await post.remind(day) == []
    booth.clock.advance(hour_at - booth.clock.now())
    assert sides(await post.remind(hour)) == ["student"]


async def test_a_meeting_that_failed_is_told_to_both_and_to_staff(booth, post):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await post.deliver()
    await finish(booth, meeting, Status.FAILED, "There was no room.")
    mails = await post.deliver()
    assert sides(mails)[:2] == ["ada", "student"]
    assert mails[2].to == STAFF
    assert "There was no room." in mails[2].text
    assert len(mails) == 3


async def test_a_meeting_nobody_came_to_is_told_to_both(booth, post):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await post.deliver()
    await finish(booth, meeting, Status.EXPIRED, "Nobody joined in time.")
    mails = await post.deliver()
    assert subjects(mails) == {"Did not take place"}
    assert len(mails) == 2


async def test_files_to_take_home_are_told_to_both(booth, post):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await post.deliver()
    ready = Change("meeting.files-ready", meeting.meeting_id, {}, "Quadrangle", MONDAY_10)
    await post.note(ready)
    mails = await post.deliver()
    assert subjects(mails) == {"Your files"}
    assert len(mails) == 2


# -- reminders --------------------------------------------------------------------------------


def names(meeting: Meeting, *minutes: int) -> list[str]:
    return [f"reminder-{meeting.meeting_id}-{each}" for each in minutes]


async def test_people_are_reminded_a_day_and_an_hour_before(booth, post, clock):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await post.deliver()
    day, hour = names(meeting, 1440, 60)
    start = from_text(MONDAY_9)
    assert await post.waiting() == [
        (day, start - timedelta(days=1)),
        (hour, start - timedelta(hours=1)),
    ]
    clock.advance(start - timedelta(days=1) - clock.now())
    mails = await post.remind(day)
    assert sides(mails) == ["ada", "student"]
    assert subjects(mails) == {"Reminder"}
    assert all(mail.calendar is None for mail in mails)
    clock.advance(timedelta(hours=23))
    assert len(await post.remind(hour)) == 2


async def test_reminders_follow_a_meeting_that_is_moved(booth, post, clock):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await post.deliver()
    await booth.changing.move(meeting.meeting_id, "2026-11-26T08:00:00Z", BO)
    await post.deliver()
    day, hour = names(meeting, 1440, 60)
    later = datetime.fromisoformat("2026-11-26T08:00:00Z")
    assert await post.waiting() == [
        (day, later - timedelta(days=1)),
        (hour, later - timedelta(hours=1)),
    ]


async def test_a_meeting_that_is_near_has_the_reminders_left(booth, post, clock):
    await booth.publish()
    clock.advance(from_text(MONDAY_9) - clock.now() - timedelta(hours=3))
    meeting = await booth.take(MONDAY_9)
    await post.deliver()
    assert [name for name, _ in await post.waiting()] == names(meeting, 60)


async def test_nobody_is_reminded_of_what_is_over_or_moved(booth, post, clock):
    await booth.publish()
    meeting, other = await booth.take(MONDAY_9), await booth.take(MONDAY_10, CY)
    await post.deliver()
    # their jobs run just as they are moved and called off
    await booth.changing.move(meeting.meeting_id, "2026-11-26T08:00:00Z", BO)
    await booth.changing.cancel(other.meeting_id, CY)
    clock.advance(from_text(MONDAY_9) - timedelta(hours=1) - clock.now())
    for each in (meeting, other):
        assert await post.remind(names(each, 60)[0]) == []
    await post.deliver()
    assert [name for name, _ in await post.waiting()] == names(meeting, 1440, 60)


async def test_a_reminder_that_was_held_up_too_long_is_let_be(booth, post, clock):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    await post.deliver()
    day, hour = names(meeting, 1440, 60)
    clock.advance(from_text(MONDAY_9) - timedelta(hours=11) - clock.now())
    assert await post.remind(day) == []
    clock.advance(timedelta(hours=10, minutes=20))
    assert len(await post.remind(hour)) == 2


async def test_what_is_no_reminder_goes_to_the_dead_letters(post, clock):
    for payload in ({}, {"meeting_id": "x", "sequence": None, "minutes": 1}):
        with pytest.raises(GiveUp):
            await post.reminders.remind(Job("1", "meetings.remind", payload, 1, clock.now()))


# -- series, and accounts that close ----------------------------------------------------------


async def test_a_series_invites_to_each_of_its_meetings(booth, post):
    series = await booth.series.schedule(WEEKLY, Repeat(times=3), ADA)
    mails = await post.deliver()
    assert len(mails) == 6
    events = [calendar_of(mail).events[0] for mail in mails[::2]]
    assert [event.uid for event in events] == [each.meeting_id for each in series]
    assert [to_text(event.dtstart) for event in events] == [each.meet_time for each in series]


async def test_a_closed_account_offers_nothing(booth, post):
    await booth.publish(weekly=(WeeklyPeriod(0, "09:00", "10:00"),))
    token = await post.feeds.renew(ADA)
    assert await post.feeds.read(token)
    await post.note(Change("account.closed", ADA.account_id or "", {}, "Ada", MONDAY_9))
    await post.deliver()
    assert (await booth.looking.teachers(10, None, "UTC", BO)).items == []
    assert await post.feeds.own(ADA) is None
