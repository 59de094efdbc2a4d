"""What staff's look at the queue needs from the world."""

from typing import Protocol

from quadrangle.videos.oversight.model import Seen, Waiting


class QueueLog(Protocol):
    """Tells what stands in the queue of turns. Raises Unavailable."""

    async def running(self) -> list[Seen]:
        """Return those in their turn, the longest in it first."""
        ...

    async def waiting(self, most: int) -> tuple[list[Waiting], int]:
        """Return those that wait, the earliest first, and how many there are in all."""
        ...

    async def failed(self, most: int) -> tuple[list[Seen], int]:
        """Return those that failed, the latest first, and how many there are in all."""
        ...
