"""How mails say when a meeting is, and who does what to it."""

from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text
from quadrangle.letters.texts import cut
from quadrangle.meetings.calendar.texts import name_of
from quadrangle.meetings.model import Meeting, MeetingRole, other_side
from quadrangle.meetings.scheduling.time_rules import zone_of

MAX_SUBJECT_NAME = 40  # characters
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class When(msgspec.Struct, frozen=True):
    """A time as people read it: `Sunday, 28 March 2027`, `09:30`, `10:15` and the zone's name.

    `utc` is the beginning in UTC, None where that is the zone.
    """

    day: str
    begins: str
    ends: str
    zone: str
    utc: datetime | None


def when(meeting: Meeting, meet_time: str | None = None) -> When:
    """Return when a meeting is, or was while it began at another instant."""
    zone = zone_of(meeting.time_zone)
    begins = from_text(meet_time or meeting.begins)
    ends = begins + timedelta(minutes=meeting.minutes)
    here = begins.astimezone(zone)
    return When(
        day=f"{_DAYS[here.weekday()]}, {here.day} {_MONTHS[here.month - 1]} {here.year}",
        begins=f"{here:%H:%M}",
        ends=f"{ends.astimezone(zone):%H:%M}",
        zone=meeting.time_zone,
        utc=None if meeting.time_zone == "UTC" else begins,
    )


def subject(what: str, meeting: Meeting, role: MeetingRole) -> str:
    """Such as “Invitation: Ada Lovelace, 28 March 2027, 09:30 (Europe/Berlin)”."""
    then = when(meeting)
    day = then.day.partition(", ")[2]
    other = cut(name_of(meeting, other_side(role)), MAX_SUBJECT_NAME)
    return f"{what}: {other}, {day}, {then.begins} ({then.zone})"


def account_of(meeting: Meeting, role: MeetingRole) -> str | None:
    return meeting.teacher_id if role is MeetingRole.TEACHER else meeting.student_id


def side_of(meeting: Meeting, account_id: str | None) -> MeetingRole | None:
    """Return the side that somebody is of a meeting."""
    if account_id is None:
        return None
    if account_id == meeting.teacher_id:
        return MeetingRole.TEACHER
    return MeetingRole.STUDENT if account_id == meeting.student_id else None


def has_agreed(meeting: Meeting, role: MeetingRole, change: Change) -> bool:
    """Tell whether one side agreed to the time that a change gave a meeting.

    What students choose is an hour that their teacher had offered, so both have.
    """
    actor = side_of(meeting, change.actor_id)
    return actor is role or actor is MeetingRole.STUDENT
