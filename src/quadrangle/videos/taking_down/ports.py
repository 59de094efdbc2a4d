"""What the list of what is taken down needs from the world."""

from typing import Protocol

from quadrangle.videos.model import Video


class TakenDownLog(Protocol):
    """Finds what staff took down. Raises Unavailable."""

    async def taken_down(self, most: int) -> tuple[list[Video], int]:
        """Return videos that are taken down, the latest first, and how many there are in all."""
        ...
