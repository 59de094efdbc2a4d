"""What links need from the world."""

from collections.abc import Sequence
from typing import Protocol

from quadrangle.kernel.change import Change
from quadrangle.videos.shared_links.model import SharedLink


class SharedLinkStore(Protocol):
    """Keeps links; those of a video go with it. Raises Unavailable."""

    async def add(self, link: SharedLink, most: int, changes: Sequence[Change]) -> bool:
        """Save a link, and tell whether it was; not when the video has `most` or is gone."""
        ...

    async def of_video(self, video_id: int) -> list[SharedLink]:
        """Return the links of a video, the newest first."""
        ...

    async def get(self, video_id: int, link_id: str) -> SharedLink | None: ...

    async def stands(self, video_id: int, link_id: str) -> bool:
        """Tell whether the link is there; quick, and never out of date."""
        ...

    async def remove(self, video_id: int, link_id: str, changes: Sequence[Change]) -> bool:
        """Remove a link, and tell whether there was one."""
        ...

    async def forget(self, video_id: int) -> None:
        """Remove all links of a video."""
        ...


class LinkPasswords(Protocol):
    """Keeps passwords of links as hashes, and guessing slow."""

    async def seal(self, secret: str) -> str:
        """Return what is kept of a password. Raises Unavailable."""
        ...

    async def check(self, name: str, address: str, sealed: str, secret: str) -> bool:
        """Tell whether a password is right. Raises TooManyRequests, with the wait, after too many
        wrong ones for `name` or from `address`."""
        ...
