"""What handing out needs of the world where no call can take a whole file in."""

from datetime import timedelta
from typing import Protocol


class Arrivals(Protocol):
    """Takes contents in that browsers send to addresses of their own. Raises Unavailable."""

    async def address(self, key: str, size: int, life: timedelta) -> str:
        """Return where `size` bytes for `key` can be PUT, for so long, by whoever has it."""
        ...

    async def keep(self, key: str) -> int | None:
        """Keep what was sent for `key` under it; return how many bytes that is, None where nothing
        has come."""
        ...
