"""Meetings for calendars that read them by themselves: a file, and the feed of a person.

They hold no attendees, as RFC 5546 has it for what is published.
"""

from collections.abc import Sequence

from quadrangle.meetings.calendar.model import CalendarEntry, Organizer
from quadrangle.meetings.model import Status

METHOD = "PUBLISH"
FEED_NAME = "Quadrangle meetings"
# What did not take place is in nobody's calendar; a feed is replaced as a whole each time.
OFF = frozenset({Status.CANCELLED, Status.FAILED})


def file_of(entry: CalendarEntry, organizer: Organizer) -> str:
    """Return one meeting as a file to put into a calendar."""
    return _published([entry], organizer, None)


def feed_of(entries: Sequence[CalendarEntry], organizer: Organizer) -> str:
    """Return the calendar of a person: the same text as long as no meeting in it changes."""
    taking_place = [entry for entry in entries if entry.meeting.status not in OFF]
    return _published(taking_place, organizer, FEED_NAME)


def _published(entries: Sequence[CalendarEntry], organizer: Organizer, name: str | None) -> str:
    from quadrangle.meetings.calendar import objects

    events = []
    for entry in entries:
        meeting = entry.meeting
        event = objects.event_of(
            meeting, entry.role, organizer, entry.link, meeting.ended_at or meeting.counts_from
        )
        event.add("status", "CANCELLED" if meeting.status in OFF else "CONFIRMED")
        events.append(event)
    return objects.calendar_of(METHOD, events, name)
