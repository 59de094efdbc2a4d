"""Files by key, on a disk or in a bucket."""

import re
from collections.abc import AsyncIterator
from typing import Protocol

_KEY = re.compile(r"[A-Za-z0-9._/-]{1,1024}")  # 1024 bytes is where S3 ends
UNKNOWN = "application/octet-stream"
_MAX_NAME_BYTES = 255  # NAME_MAX of the usual file systems


class FileMissing(Exception):
    """There is no file of that key."""


class Files(Protocol):
    """Stores whole files under keys like `photos/<issue>/<photo>`.

    A file is there whole or not at all. Raises Unavailable when the disk is full or the store is
    away, ValueError on what is no key; `read` raises FileMissing; `delete` of a missing file does
    nothing. `mime` is for stores whose files others than this service read.
    """

    async def write(self, key: str, content: bytes, mime: str = UNKNOWN) -> None: ...

    async def read(self, key: str) -> bytes: ...

    async def delete(self, key: str) -> None: ...


class LargeFiles(Protocol):
    """Stores files under keys as Files does, in pieces: none is ever in memory as a whole.

    A file is there whole or not at all: while it is written, and when writing fails, what was
    there before stays. Raises Unavailable, ValueError on what is no key; `read` raises FileMissing
    before its first piece.
    """

    async def write(self, key: str, pieces: AsyncIterator[bytes], mime: str = UNKNOWN) -> int:
        """Keep what the pieces are together, and return how many bytes that is. Raises what
        reading the pieces raises."""
        ...

    def read(self, key: str) -> AsyncIterator[bytes]: ...

    async def delete(self, key: str) -> None: ...


def check_key(key: str) -> None:
    """Raise ValueError unless every store takes `key`: a relative path that leaves no folder."""
    names = key.split("/")
    if not _KEY.fullmatch(key) or any(name in ("", ".", "..") for name in names):
        raise ValueError(f"not a key: {key!r}")
    if any(len(name) > _MAX_NAME_BYTES for name in names):
        raise ValueError(f"a part of this key is too long: {key!r}")
