"""What fetching needs of the world where no answer can hold a whole file."""

from datetime import timedelta
from typing import Protocol


class Links(Protocol):
    """Addresses at the store of large files itself. Raises Unavailable."""

    async def address(self, key: str, name: str, mime: str, life: timedelta) -> str:
        """Return where a browser fetches a file, for so long, to be saved as `name`."""
        ...
