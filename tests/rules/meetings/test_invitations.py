"""Invitations, files and feeds, read back by a library other than the one that wrote them."""

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import CalendarStream
from ical.event import Event

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.letters.texts import one_line
from quadrangle.meetings.calendar import published
from quadrangle.meetings.calendar.invitations import cancellation, invitation
from quadrangle.meetings.calendar.model import CalendarEntry, Invited, Organizer
from quadrangle.meetings.model import Meeting, MeetingRole, Status

TEACHER, STUDENT = MeetingRole
MEETING_ID = "3f2a91c0-1111-4222-8333-444455556666"
LINK = f"https://meet.campus.example/join?id={MEETING_ID}&role=student&key=a_b-c"
ORGANIZER = Organizer("Quadrangle", "mail@campus.example")
AT = "2027-03-01T08:15:30.250Z"
MEETING = Meeting(
    meeting_id=MEETING_ID,
    teacher_name="Ada Lovelace",
    student_name="Bo Øster",
    meet_time="2027-03-28T07:30:00.000Z",
    local_time="2027-03-28T09:30:00",
    time_zone="Europe/Berlin",
    created_at="2027-02-01T10:00:00.000Z",
    counts_from="2027-02-01T10:00:00.000Z",
    jitsi_url=f"https://meet.campus.example/room?id={MEETING_ID}",
    frontend_base_url="https://meet.campus.example/join",
    minutes=45,
    teacher_id="teacher-1",
    student_id="student-1",
)
BO = Invited(STUDENT, "bo@campus.example", LINK)


def meeting(**fields) -> Meeting:
    return msgspec.structs.replace(MEETING, **fields)


def read(content: str) -> Calendar:
    (calendar,) = CalendarStream.from_ics(content).calendars
    return calendar


def only_event(content: str) -> Event:
    (event,) = read(content).events
    return event


def instant(text: str) -> datetime:
    return from_text(text).replace(microsecond=0)


# -- invitations ------------------------------------------------------------------------------


def test_an_invitation_says_when_with_whom_and_where():
    part = invitation(MEETING, BO, ORGANIZER, AT)
    assert part.method == read(part.content).method == "REQUEST"
    event = only_event(part.content)
    assert event.uid == MEETING_ID
    assert (event.sequence, event.status) == (0, "CONFIRMED")
    assert event.dtstart == datetime(2027, 3, 28, 7, 30, tzinfo=UTC)
    assert event.dtend == datetime(2027, 3, 28, 8, 15, tzinfo=UTC)
    assert event.dtstamp == event.last_modified == instant(AT)
    assert event.created == instant(MEETING.created_at)
    assert event.summary == "Meeting with Ada Lovelace"
    assert event.description is not None
    assert LINK in event.description
    assert str(event.url) == LINK
    assert event.organizer is not None
    assert str(event.organizer.uri) == "mailto:mail@campus.example"


def test_an_invitation_holds_no_address_but_its_readers():
    part = invitation(MEETING, BO, ORGANIZER, AT)
    (attendee,) = only_event(part.content).attendees
    assert str(attendee.uri) == "mailto:bo@campus.example"
    assert attendee.common_name == "Bo Øster"
    assert (attendee.role, attendee.status, attendee.rsvp) == ("REQ-PARTICIPANT", "ACCEPTED", False)
    # folded lines may part an address
    unfolded = part.content.replace("\r\n ", "")
    found = set(re.findall(r"[^:\s]+@\S+", unfolded))
    assert found == {"mail@campus.example", "bo@campus.example"}


def test_who_has_not_agreed_is_asked_to():
    asked = msgspec.structs.replace(BO, agreed=False)
    (attendee,) = only_event(invitation(MEETING, asked, ORGANIZER, AT).content).attendees
    assert attendee.status == "NEEDS-ACTION"


def test_the_teacher_meets_the_student():
    ada = Invited(TEACHER, "ada@campus.example", LINK)
    event = only_event(invitation(MEETING, ada, ORGANIZER, AT).content)
    assert event.summary == "Meeting with Bo Øster"
    assert event.attendees[0].common_name == "Ada Lovelace"


def test_a_move_is_the_same_event_with_a_higher_sequence():
    moved = meeting(meet_time="2027-04-01T10:00:00.000Z", sequence=1)
    event = only_event(invitation(moved, BO, ORGANIZER, AT).content)
    assert (event.uid, event.sequence) == (MEETING_ID, 1)
    assert event.dtstart == datetime(2027, 4, 1, 10, tzinfo=UTC)


def test_a_cancellation_after_a_move():
    """Case 4 of the meetings."""
    gone = meeting(sequence=2, status=Status.CANCELLED, ended_at=AT)
    part = cancellation(gone, msgspec.structs.replace(BO, link=None), ORGANIZER, AT)
    calendar = read(part.content)
    assert part.method == calendar.method == "CANCEL"
    (event,) = calendar.events
    assert (event.uid, event.sequence, event.status) == (MEETING_ID, 2, "CANCELLED")
    assert event.organizer is not None
    assert len(event.attendees) == 1
    assert event.dtstamp == instant(AT)
    assert event.url is None


def test_an_address_with_odd_letters_is_one_uri():
    odd = Invited(STUDENT, "o'b+1%?&=ö@campus.example")
    (attendee,) = only_event(invitation(MEETING, odd, ORGANIZER, AT).content).attendees
    assert str(attendee.uri) == "mailto:o'b+1%25%3F%26%3D%C3%B6@campus.example"


# -- files and feeds --------------------------------------------------------------------------


def test_a_file_holds_no_attendees():
    calendar = read(published.file_of(CalendarEntry(MEETING, STUDENT, LINK), ORGANIZER))
    assert calendar.method == "PUBLISH"
    (event,) = calendar.events
    assert (event.uid, event.attendees, event.status) == (MEETING_ID, [], "CONFIRMED")


def test_a_file_of_what_was_called_off_says_so():
    off = CalendarEntry(meeting(status=Status.CANCELLED), STUDENT)
    assert only_event(published.file_of(off, ORGANIZER)).status == "CANCELLED"


def test_a_feed_holds_what_takes_place():
    entries = [
        CalendarEntry(meeting(meeting_id=status.value, status=status), STUDENT) for status in Status
    ]
    calendar = read(published.feed_of(entries, ORGANIZER))
    off = {"CANCELLED", "FAILED"}
    assert {event.uid for event in calendar.events} == {s.value for s in Status} - off
    assert calendar.name == ["Quadrangle meetings"]
    assert calendar.refresh_interval == timedelta(minutes=30)


def test_an_empty_feed_is_a_calendar():
    assert read(published.feed_of([], ORGANIZER)).events == []


# -- whatever was typed -----------------------------------------------------------------------

NAMES = st.text(min_size=1, max_size=100) | st.sampled_from(
    [
        'Ada "the first"; Lovelace:,\\',
        "Bo\r\nATTENDEE:mailto:eve@b.example",
        "Cy^nDTSTART:20200101T000000Z",
        "\u202eevol\u2028BEGIN:VALARM\x00",
        "long " * 20,
        "😀" * 40,
    ]
)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(
    lambda naive: to_text(naive.replace(tzinfo=UTC))
)


@given(teacher=NAMES, student=NAMES, sender=NAMES, start=TIMES, minutes=st.integers(5, 240))
def test_whatever_people_are_called_their_calendars_say_so(
    teacher, student, sender, start, minutes
):
    named = meeting(
        teacher_name=teacher,
        student_name=student,
        meet_time=start,
        counts_from=start,
        minutes=minutes,
    )
    organizer = Organizer(sender, "mail@campus.example")
    for part in (invitation(named, BO, organizer, AT), cancellation(named, BO, organizer, AT)):
        lines = part.content.split("\r\n")
        assert all(len(line.encode()) <= 75 for line in lines)
        assert not re.search("[\r\n]", "".join(lines))
        assert sum(line.startswith(("ATTENDEE", "BEGIN:V")) for line in lines) == 3
        event = only_event(part.content)
        # readers may trim what stands at the ends of a text
        assert (event.summary or "").strip() == f"Meeting with {one_line(teacher)}".strip()
        assert (event.attendees[0].common_name or "") == one_line(student).replace('"', "'")
        assert event.organizer is not None
        assert (event.organizer.common_name or "") == one_line(sender).replace('"', "'")
        assert event.dtstart == instant(start)
        assert event.dtend == instant(start) + timedelta(minutes=minutes)


@given(st.lists(st.tuples(TIMES, NAMES), max_size=8))
def test_a_feed_is_the_same_text_as_long_as_nothing_changes(rows):
    entries = [
        CalendarEntry(
            meeting(meeting_id=f"m-{n}", meet_time=start, counts_from=start, teacher_name=name),
            STUDENT,
        )
        for n, (start, name) in enumerate(rows)
    ]
    feed = published.feed_of(entries, ORGANIZER)
    assert feed == published.feed_of(entries, ORGANIZER)
    starts = [event.dtstart for event in read(feed).events]
    assert sorted(starts) == sorted(instant(start) for start, _ in rows)


@pytest.mark.parametrize(
    "link", ["https://a.example/x?y=1;2,3\\n&z=é", "https://a.example/" + "x" * 400]
)
def test_a_link_arrives_as_it_is(link):
    part = invitation(MEETING, msgspec.structs.replace(BO, link=link), ORGANIZER, AT)
    event = only_event(part.content)
    assert event.description is not None
    assert event.description.startswith(f"Join: {link}\n")
