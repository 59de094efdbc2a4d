"""What mails tell people's calendars (RFC 5545, RFC 5546).

Each meeting is one event with the meeting's id as its UID, for good; its SEQUENCE rises with every
move and with being called off. Times are in UTC: what launches the meeting is an instant, and a
calendar whose time zones are out of date cannot mistake it. Each reader gets an object of their
own, which holds no address but theirs.
"""

from quadrangle.kernel.mail import CalendarPart
from quadrangle.meetings.calendar.model import Invited, Organizer
from quadrangle.meetings.model import Meeting


def invitation(meeting: Meeting, invited: Invited, organizer: Organizer, at: str) -> CalendarPart:
    """Return what puts a meeting into a calendar, or moves it; decided `at` that instant."""
    return _part("REQUEST", "CONFIRMED", meeting, invited, organizer, at)


def cancellation(meeting: Meeting, invited: Invited, organizer: Organizer, at: str) -> CalendarPart:
    """Return what takes a meeting out of a calendar; decided `at` that instant."""
    return _part("CANCEL", "CANCELLED", meeting, invited, organizer, at)


def _part(
    method: str, status: str, meeting: Meeting, invited: Invited, organizer: Organizer, at: str
) -> CalendarPart:
    from quadrangle.meetings.calendar import objects

    event = objects.event_of(meeting, invited.role, organizer, invited.link, at)
    event.add("status", status)
    event.add("attendee", objects.attendee_of(meeting, invited))
    return CalendarPart(method, objects.calendar_of(method, [event]))
