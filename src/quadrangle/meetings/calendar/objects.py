"""Meetings as iCalendar objects. Importing this takes a tenth of a second: do so when one is due.

What people typed is on one line without control characters before it gets here; the library then
escapes texts and parameters, and folds lines.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vDuration

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.meetings.calendar.model import Invited, Organizer
from quadrangle.meetings.calendar.texts import (
    KEEP_TO_YOURSELF,
    common_name,
    mailto,
    name_of,
    title,
)
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.window_rules import ends_at

_PRODUCT = "-//Quadrangle//Meetings//EN"
_PLACE = "Online"
_REFRESH = timedelta(minutes=30)


def event_of(
    meeting: Meeting, role: MeetingRole, organizer: Organizer, link: str | None, at: str
) -> Event:
    """Return a meeting as one side sees it; `at` is when it last changed."""
    event = Event()
    event.add("uid", meeting.meeting_id)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", _instant(at))
    event.add("created", _instant(meeting.created_at))
    event.add("last-modified", _instant(at))
    event.add("dtstart", _instant(meeting.begins))
    event.add("dtend", _instant(to_text(ends_at(meeting))))
    event.add("summary", title(meeting, role))
    event.add("location", _PLACE)
    event.add("class", "PRIVATE")  # who is shown a calendar must not get the link
    event.add("organizer", _person(organizer.address, organizer.name))
    if link is not None:
        event.add("description", f"Join: {link}\n\n{KEEP_TO_YOURSELF}")
        event.add("url", link)
    return event


def attendee_of(meeting: Meeting, invited: Invited) -> vCalAddress:
    """Return one side as an attendee. Nobody reads answers, so that none are asked for."""
    attendee = _person(invited.address, name_of(meeting, invited.role))
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED" if invited.agreed else "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def calendar_of(method: str, events: Iterable[Event], name: str | None = None) -> str:
    """Return a whole iCalendar object as text. With a `name` it is one to be read again."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name is not None:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)  # what is read of it before RFC 7986
        calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(_REFRESH))
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical().decode()


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(mailto(address))
    person.params["CN"] = common_name(name)
    return person


def _instant(text: str) -> datetime:
    return from_text(text).replace(microsecond=0)  # iCalendar has whole seconds
