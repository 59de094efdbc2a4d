"""For how long the two people of a meeting find what was in it."""

from datetime import datetime, timedelta

from quadrangle.kernel.clock import from_text
from quadrangle.meetings.model import Meeting

KEPT = timedelta(days=7)


def kept_until(meeting: Meeting) -> datetime | None:
    """Return until when files that were handed out and the room's chat are kept after the end;
    None while the meeting is not over, and where nobody joined it: nothing is kept of that."""
    if meeting.joined_at is None or meeting.ended_at is None:
        return None
    return from_text(meeting.ended_at) + KEPT
