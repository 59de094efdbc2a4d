"""Files by key, on a disk or in a bucket."""

from typing import Protocol


class FileMissing(Exception):
    """There is no file of that key."""


class Files(Protocol):
    """Stores whole files under keys like `photos/<issue>/<photo>`.

    A file is there whole or not at all. Raises Unavailable when the disk is full or the store is
    away; `read` raises FileMissing; `delete` of a missing file does nothing.
    """

    async def write(self, key: str, content: bytes) -> None: ...

    async def read(self, key: str) -> bytes: ...

    async def delete(self, key: str) -> None: ...
