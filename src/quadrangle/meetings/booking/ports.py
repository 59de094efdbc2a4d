"""What booking needs from the world."""

from collections.abc import Sequence
from typing import Protocol

from quadrangle.kernel.change import Change
from quadrangle.kernel.page import Page
from quadrangle.meetings.booking.model import Hours


class HoursStore(Protocol):
    """Keeps the free hours of teachers, one record each. Raises Unavailable."""

    async def get(self, teacher_id: str) -> Hours | None: ...

    async def save(self, hours: Hours, changes: Sequence[Change]) -> None:
        """Save hours whose version is one more than what is stored, which is 0 of none.

        Raises Conflict when somebody else has saved since.
        """
        ...

    async def page(self, limit: int, cursor: str | None) -> Page[Hours]:
        """Return the hours that are published, by the names of their teachers.

        Raises InvalidInput for a cursor that is not ours.
        """
        ...

    async def forget(self, teacher_id: str) -> None:
        """Remove the hours of somebody; safe to repeat."""
        ...
