"""What uploads need: rows that tell of them, and files that their bytes go to."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from quadrangle.kernel.change import Change
from quadrangle.videos.model import Video
from quadrangle.videos.uploads.model import Upload
from quadrangle.videos.uploads.part_rules import NewPart, SentPart, SignedPart

# Returns a video as it waits for its next film, with what tells of it; None where it may not.
Replaced = Callable[[Video], tuple[Video, Sequence[Change]] | None]


class UploadStore(Protocol):
    """Keeps what is known of uploads. Raises Unavailable."""

    async def add(self, upload: Upload, quota: int) -> None:
        """Save a new one. Raises TooLarge when all of its owner's would be over `quota`, if any."""
        ...

    async def get(self, upload_id: str) -> Upload | None: ...

    async def prolong(self, upload_id: str, expires_at: str) -> None: ...

    async def complete(self, upload_id: str, video: Video, changes: Sequence[Change]) -> int | None:
        """Make the upload a video that waits for its turn; return its number, once and for all.

        The subject of the changes becomes that number. None when there is no such upload.
        """
        ...

    async def replace(self, upload_id: str, replaced: Replaced, now: datetime) -> int | None:
        """Have the upload be the next film of the video it `replaces`; return that number, once
        and for all. None where `replaced` gives none, or there is no such upload or video."""
        ...

    async def remove(self, upload_id: str, now: datetime) -> bool:
        """Forget one that is not whole, and its file. False when it is whole, or not there."""
        ...

    async def unfinished(self, user_id: str) -> list[Upload]:
        """Return an account's uploads that are not whole, newest first."""
        ...

    async def waiting(self, limit: int, after: str) -> list[Upload]:
        """Return some of all that are not whole, by their ids, beyond one."""
        ...

    async def forget_whole(self, before: str) -> None:
        """Forget those that became videos and have expired."""
        ...

    async def forget_owner(self, user_id: str) -> None:
        """Forget whose the account's uploads were, and what they were called, those that became
        videos: that they did stays known. Safe to repeat."""
        ...

    async def used(self, user_id: str) -> int:
        """Return the bytes of all of an account's videos and uploads."""
        ...


class Writing(Protocol):
    """One request's bytes on their way into a file, which nobody else writes to meanwhile."""

    @property
    def offset(self) -> int:
        """How many bytes of the file are there."""
        ...

    def wanted(self) -> bool:
        """Tell whether somebody else wants to write instead."""
        ...

    async def hold(self) -> None:
        """Have all that is written from now on vanish unless `keep` is called."""
        ...

    async def write(self, data: bytes) -> None: ...

    async def keep(self) -> None:
        """Have what was written be on disk, whatever happens now."""
        ...


class Holder(Protocol):
    """The lock of an upload: `async with` it to have a Writing.

    Whoever holds it is asked to stop; raises Conflict when they do not within seconds.
    """

    async def __aenter__(self) -> Writing: ...

    async def __aexit__(self, *error: object) -> None: ...


class UploadFiles(Protocol):
    """Keeps the bytes of uploads. Raises Unavailable when the disk is full or away."""

    async def make(self, upload_id: str, size: int) -> None:
        """Make an empty file. Raises Unavailable when there is no room for `size` bytes."""
        ...

    def lock(self, upload_id: str) -> Holder: ...

    async def size(self, upload_id: str) -> int:
        """Return how many bytes are there, without disturbing who writes. 0 for no file."""
        ...

    async def remove(self, key: str) -> None:
        """Remove all files of an upload, or of the video it became."""
        ...


class PartFiles(Protocol):
    """A store that takes the parts of a file from whoever has an address for each, past us.

    Raises Unavailable.
    """

    async def begin(self, upload_id: str) -> str:
        """Have it expect parts of a file; return what it calls them together."""
        ...

    def sign(self, upload: Upload, parts: Sequence[NewPart]) -> list[SignedPart]:
        """Return where each part is to be sent, good for that size and checksum alone."""
        ...

    async def sent(self, upload: Upload) -> list[SentPart] | None:
        """Return the parts that have arrived, in order; None once they were joined or ended."""
        ...

    async def join(self, upload: Upload, parts: Sequence[SentPart]) -> None:
        """Make one file of them. Raises NotFound when they were joined or ended meanwhile."""
        ...

    async def size(self, upload_id: str) -> int:
        """Return the bytes of the file that was joined, 0 for none."""
        ...

    async def remove(self, upload_id: str) -> None:
        """End an upload: its parts, and the file they made. Safe to repeat."""
        ...
