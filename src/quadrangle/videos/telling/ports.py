"""What telling needs from the world."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class ToldStore(Protocol):
    """Knows who was told of which video, and who is to be. Raises Unavailable."""

    async def note(self, video_id: int, people: Sequence[str], now: datetime) -> list[str]:
        """Have accounts wait to be told of a video; return those that were not noted before."""
        ...

    async def waiting(self, account_id: str) -> list[int]:
        """Return the videos an account is to be told of, the first noted first."""
        ...

    async def told(self, account_id: str, video_ids: Sequence[int]) -> None:
        """Note that an account was told; it never is again."""
        ...

    async def drop(self, account_id: str, video_ids: Sequence[int]) -> None:
        """Forget that an account was to be told of what is for it no more."""
        ...
