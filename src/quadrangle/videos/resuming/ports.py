"""What resuming needs from the world."""

from typing import Protocol

from quadrangle.videos.resuming.model import Position


class PositionStore(Protocol):
    """Keeps where each person stopped, until their account or the video goes. Raises
    Unavailable."""

    async def put(self, account_id: str, position: Position) -> bool:
        """Keep a position in place of an earlier one. False when the video is not there."""
        ...

    async def get(self, account_id: str, video_id: int) -> Position | None: ...

    async def latest(self, account_id: str, limit: int) -> list[Position]:
        """Return some of somebody's positions, those that were noted last first."""
        ...
