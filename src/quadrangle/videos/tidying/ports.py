"""What tidying needs: the files, and what rows say of them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from quadrangle.videos.tidying.model import Found, Kept, Known


class Files(Protocol):
    """The folders of videos and uploads, by their keys. Raises Unavailable."""

    async def folders(self, after: str, limit: int) -> list[Found]:
        """Return some folders by their keys, beyond one. What has another name is left out."""
        ...

    async def has(self, key: str, name: str) -> bool:
        """Tell whether a file, or a rendition that can be played, is there."""
        ...

    async def size(self, key: str, name: str) -> int:
        """Return the bytes of a part of a folder, of all of it for ""."""
        ...

    async def remove(self, key: str, name: str) -> None:
        """Remove a part of a folder, all of it for "". Safe to repeat."""
        ...


class Records(Protocol):
    """The rows of videos and uploads. Raises Unavailable."""

    async def kept(self, keys: Sequence[str]) -> Mapping[str, Kept]:
        """Return what rows say of these keys; those of which none does are left out."""
        ...

    async def videos(self, after: int, limit: int) -> list[Known]:
        """Return some videos by their numbers, beyond one."""
        ...
