"""What writing a meeting needs each time: the meeting that is there, and trying again."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.ids import is_id
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.ports import MeetingStore
from quadrangle.meetings.scheduling.claims_model import HourTaken, NoRoomThen

T = TypeVar("T")
TRIES = 5


async def existing(store: MeetingStore, meeting_id: str) -> Meeting:
    """Return the meeting of that id. Raises NotFound."""
    meeting = await store.get(meeting_id) if is_id(meeting_id) else None
    if meeting is None:
        raise NotFound("Meeting not found")
    return meeting


async def retrying(attempt: Callable[[], Awaitable[T]]) -> T:
    """Repeat load, decide, save when someone else saved in between. Raises Conflict at last."""
    for _ in range(TRIES - 1):
        try:
            return await attempt()
        except (HourTaken, NoRoomThen):
            raise
        except Conflict:
            continue
    return await attempt()
