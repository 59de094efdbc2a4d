"""Large files in a directory of this machine, written and read in pieces."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator
from io import BufferedWriter
from pathlib import Path

from quadrangle.kernel.files import UNKNOWN, FileMissing
from quadrangle.machine.files import (
    TEMPORARY,
    DirectoryFiles,
    in_thread,
    make_folders,
    put_in_place,
)

_CHUNK = 1 << 20


class DirectoryLargeFiles:
    """Implements LargeFiles beside the files of `DirectoryFiles`, which sweeps what crashes leave.

    An acknowledged `write` or `delete` is on disk.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files = DirectoryFiles(root)

    async def write(self, key: str, pieces: AsyncIterator[bytes], mime: str = UNKNOWN) -> int:
        path = self._files.path(key)
        await in_thread(lambda: make_folders(self._root, path))
        temporary = path.parent / f"{TEMPORARY}{secrets.token_hex(16)}"
        file = await in_thread(lambda: _create(temporary))
        try:
            written = 0
            async for piece in pieces:
                written += await in_thread(lambda piece=piece: file.write(piece))
            await in_thread(lambda: _sync(file))
            await in_thread(lambda: put_in_place(self._root, temporary, path))
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
            raise
        finally:
            file.close()
        return written

    async def read(self, key: str) -> AsyncIterator[bytes]:
        path = self._files.path(key)
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise FileMissing from error
        try:
            while piece := await in_thread(lambda: file.read(_CHUNK)):
                yield piece
        finally:
            file.close()

    async def delete(self, key: str) -> None:
        await self._files.delete(key)


def _create(path: Path) -> BufferedWriter:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    return open(descriptor, "wb")


def _sync(file: BufferedWriter) -> None:
    file.flush()
    os.fsync(file.fileno())
