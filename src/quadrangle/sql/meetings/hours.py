"""Hours that meetings take: tested and written in the transaction of the meeting.

Only one transaction writes at a time (decision 0002), so what is read here still holds when it
commits.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.scheduling import room_rules
from quadrangle.meetings.scheduling.claims_model import MOST_AT_ONCE, HourClaim, RoomLimit
from quadrangle.sql.meetings.tables import meeting_hours, meetings

# No meeting and no claim is as long: so far before it nothing begins that reaches into an hour.
LONGEST = timedelta(days=1)


def claim(connection: Connection, meeting_id: str, claims: Sequence[HourClaim]) -> None:
    """Have a meeting take these hours and no others. Raises HourTaken."""
    release(connection, meeting_id)
    for each in claims:
        each.require_beside(_overlapping(connection, each))
        connection.execute(
            insert(meeting_hours),
            {
                "meeting_id": meeting_id,
                "teacher_id": each.teacher_id,
                "begins_at": each.begins_at,
                "ends_at": each.ends_at,
            },
        )


def release(connection: Connection, meeting_id: str) -> None:
    """Have a meeting take no hours."""
    connection.execute(delete(meeting_hours).where(meeting_hours.c.meeting_id == meeting_id))


def require_room(connection: Connection, meeting: Meeting, limit: RoomLimit) -> None:
    """Raise NoRoomThen unless the meeting can have its desktops beside all others."""
    wanted = room_rules.held(meeting, limit)
    lead = timedelta(seconds=limit.lead_s)
    query = select(meetings.c.begins_at, meetings.c.ends_at).where(
        meetings.c.ended_at.is_(None),
        meetings.c.begins_at < to_text(wanted[1] + lead),
        meetings.c.begins_at > to_text(_earlier(wanted[0])),
        meetings.c.ends_at > to_text(wanted[0]),
        meetings.c.id != meeting.meeting_id,
    )
    rows = connection.execute(query).all()
    others = [(from_text(row.begins_at) - lead, from_text(row.ends_at)) for row in rows]
    room_rules.require_room(wanted, others, limit)


def _overlapping(connection: Connection, wanted: HourClaim) -> int:
    query = select(meeting_hours.c.meeting_id).where(
        meeting_hours.c.teacher_id == wanted.teacher_id,
        meeting_hours.c.begins_at < wanted.ends_at,
        meeting_hours.c.begins_at > to_text(_earlier(from_text(wanted.begins_at))),
        meeting_hours.c.ends_at > wanted.begins_at,
    )
    return len(connection.execute(query.limit(MOST_AT_ONCE)).all())


def _earlier(moment: datetime) -> datetime:
    return moment - LONGEST
