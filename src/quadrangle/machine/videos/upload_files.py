"""Uploads in files of this machine: what is in the file is what is there.

A file's lock is the kernel's, so it ends with the process that had it, and holds between processes
that share the disk. Whoever wants it knocks by a file beside it, and who has it looks for that.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
import time
from pathlib import Path

from quadrangle.kernel.disk import force_to_disk
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.ids import is_id
from quadrangle.machine.videos.disk import in_thread, no_room, unless_missing

ORIGINAL = "original"
_HELD = "held"  # how many bytes count while a checksum is still open
_KNOCK = "knock"
_LOOK_EVERY_S = 0.25
_WAIT_S = 8.0  # for who has the lock: it looks several times meanwhile
RESERVE = 256 * 2**20  # bytes of the disk that no upload gets


class DirectoryUploads:
    """Implements videos.uploads.ports.UploadFiles below `root`, a folder for each upload."""

    def __init__(self, root: Path, reserve: int = RESERVE) -> None:
        self._root = root
        self._reserve = reserve

    async def make(self, upload_id: str, size: int) -> None:
        folder = self._folder(upload_id)
        await in_thread(lambda: self._make(folder, size))

    def _make(self, folder: Path, size: int) -> None:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self._root).free - size < self._reserve:
            raise no_room()
        folder.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(folder / ORIGINAL, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        force_to_disk(folder)
        force_to_disk(self._root)

    def lock(self, upload_id: str) -> "_Lock":
        return _Lock(self._folder(upload_id))

    async def size(self, upload_id: str) -> int:
        folder = self._folder(upload_id)
        return await in_thread(lambda: _counted(folder))

    async def remove(self, key: str) -> None:
        folder = self._folder(key)
        await unless_missing(lambda: shutil.rmtree(folder))

    def _folder(self, key: str) -> Path:
        if not is_id(key):
            raise ValueError(f"not a key: {key!r}")
        return self._root / key


class _Lock:
    """Implements videos.uploads.ports.Holder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writing: _Writing | None = None

    async def __aenter__(self) -> "_Writing":
        descriptor = await in_thread(lambda: _open(self._folder))
        try:
            await self._take(descriptor)
            self._writing = await in_thread(lambda: _Writing(self._folder, descriptor))
        except BaseException:
            os.close(descriptor)
            raise
        return self._writing

    async def _take(self, descriptor: int) -> None:
        until = time.monotonic() + _WAIT_S
        while not _try_lock(descriptor):
            if time.monotonic() > until:
                raise Conflict("Something else still sends to this upload. Please try again.")
            (self._folder / _KNOCK).touch(mode=0o600)
            await asyncio.sleep(_LOOK_EVERY_S / 4)
        (self._folder / _KNOCK).unlink(missing_ok=True)

    async def __aexit__(self, *error: object) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            # to its end even when the request is cancelled: the lock goes with the descriptor
            await asyncio.shield(asyncio.to_thread(writing.close))


def _open(folder: Path) -> int:
    try:
        return os.open(folder / ORIGINAL, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise NotFound("There is no such upload.") from error


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _counted(folder: Path) -> int:
    """Return how many bytes of a file count: those after an open checksum do not yet."""
    try:
        return int((folder / _HELD).read_text())
    except (FileNotFoundError, ValueError):
        pass
    try:
        return (folder / ORIGINAL).stat().st_size
    except FileNotFoundError:
        return 0


class _Writing:
    """Implements videos.uploads.ports.Writing."""

    def __init__(self, folder: Path, descriptor: int) -> None:
        self._folder = folder
        self._descriptor = descriptor
        self._looked_at = 0.0
        self._holds = (folder / _HELD).exists()
        self.offset = _counted(folder)
        if self._holds:  # whoever wrote the rest ended before it was checked
            self._let_go()

    def wanted(self) -> bool:
        now = time.monotonic()
        if now - self._looked_at < _LOOK_EVERY_S:
            return False
        self._looked_at = now
        return (self._folder / _KNOCK).exists()

    async def hold(self) -> None:
        await in_thread(self._hold)

    def _hold(self) -> None:
        with open(self._folder / _HELD, "w") as file:
            file.write(str(self.offset))
            file.flush()
            os.fsync(file.fileno())
        force_to_disk(self._folder)
        self._holds = True

    async def write(self, data: bytes) -> None:
        await in_thread(lambda: self._write(data))

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            written = os.pwrite(self._descriptor, rest, self.offset)
            self.offset += written
            rest = rest[written:]

    async def keep(self) -> None:
        await in_thread(self._keep)

    def _keep(self) -> None:
        os.fdatasync(self._descriptor)
        if self._holds:
            (self._folder / _HELD).unlink()
            force_to_disk(self._folder)
            self._holds = False

    def _let_go(self) -> None:
        """Cut off what was not kept."""
        self.offset = _counted(self._folder)
        os.ftruncate(self._descriptor, self.offset)
        self._keep()

    def close(self) -> None:
        try:
            if self._holds:
                with contextlib.suppress(OSError):  # the mark stays, so the next one cuts it off
                    self._let_go()
        finally:
            os.close(self._descriptor)
