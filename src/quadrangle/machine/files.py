"""Files in a directory of this machine."""

import asyncio
import errno
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from quadrangle.kernel.disk import force_to_disk
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.files import UNKNOWN, FileMissing, check_key

T = TypeVar("T")

# No key can hold a tilde, so a file being written can be neither read nor replaced by its name.
TEMPORARY = "~"


class DirectoryFiles:
    """Keeps each file under its key below `root`, readable by this user only (0600 and 0700).

    An acknowledged `write` or `delete` is on disk: the file and its directory are synced. Every
    verb raises ValueError on a key that could leave `root` or that a bucket would not take, and
    Unavailable when the file system refuses.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    async def write(self, key: str, content: bytes, mime: str = UNKNOWN) -> None:
        """Put `content` under `key`, replacing what was there. A directory keeps no `mime`.

        Raises ValueError when a part of `key` is itself the key of a file, or `key` a folder.
        """
        path = self.path(key)
        await in_thread(lambda: _write(self._root, path, content))

    async def read(self, key: str) -> bytes:
        """Return the content under `key`. Raises FileMissing."""
        path = self.path(key)
        return await in_thread(lambda: _read(path))

    async def delete(self, key: str) -> None:
        """Remove the file under `key`, if there is one."""
        path = self.path(key)
        await in_thread(lambda: _delete(path))

    async def sweep(self, older_than_s: float) -> int:
        """Remove what crashes left half-written more than `older_than_s` ago; return how many.

        Choose an age that no write in progress reaches, such as an hour.
        """
        return await in_thread(lambda: _sweep(self._root, time.time() - older_than_s))

    def path(self, key: str) -> Path:
        """Return where the file of a key lies. Raises ValueError on what is no key."""
        check_key(key)
        return self._root / key


async def in_thread(work: Callable[[], T]) -> T:
    """Do blocking work. Raises Unavailable when the file system refuses."""
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise _unavailable(error) from error


def _unavailable(error: OSError) -> Unavailable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Unavailable(
            "There is no room for this file at present. Nothing was saved; please try again later.",
            retry_after_s=60,
        )
    return Unavailable("Files cannot be reached just now. Please try again in a moment.")


def _write(root: Path, path: Path, content: bytes) -> None:
    make_folders(root, path)
    with _temporary_in(path.parent) as temporary:
        _write_synced(temporary, content)
        put_in_place(root, temporary, path)


def make_folders(root: Path, path: Path) -> None:
    """Make the folders that the file `path` below `root` is to lie in."""
    _make_root(root)
    try:
        for directory in reversed(_folders(root, path)):
            directory.mkdir(mode=0o700, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise _same_name() from error


def put_in_place(root: Path, temporary: Path, path: Path) -> None:
    """Have a whole file, synced to the disk, be the one at `path`."""
    try:
        os.replace(temporary, path)
    except (NotADirectoryError, IsADirectoryError) as error:
        raise _same_name() from error
    # All of them every time: another writer may have made one and not have synced it yet.
    for directory in _folders(root, path):
        force_to_disk(directory)


def _folders(root: Path, path: Path) -> list[Path]:
    directories = [path.parent, *path.parent.parents]
    return directories[: directories.index(root) + 1]


def _same_name() -> ValueError:
    return ValueError("a key and a folder of keys cannot have the same name")


def _make_root(root: Path) -> None:
    """Make `root` and its missing parents, with the same permissions as what is below."""
    missing = []
    directory = root
    while not directory.is_dir():
        missing.append(directory)
        directory = directory.parent
    for directory in reversed(missing):
        directory.mkdir(mode=0o700, exist_ok=True)
        force_to_disk(directory.parent)


@contextmanager
def _temporary_in(directory: Path) -> Iterator[Path]:
    """Name a file to be written and moved away; remove it when that fails."""
    temporary = directory / f"{TEMPORARY}{secrets.token_hex(16)}"
    try:
        yield temporary
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _write_synced(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb", buffering=0) as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(descriptor)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise FileMissing from error


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except (NotADirectoryError, IsADirectoryError):
        return  # a key without a file: what was asked for is already so
    # Also when the file was gone: the delete before this one may have failed to reach the disk.
    if path.parent.is_dir():
        force_to_disk(path.parent)


def _sweep(root: Path, before: float) -> int:
    if not root.is_dir():
        return 0
    return sum(_remove_older(path, before) for path in _left_over(root))


def _left_over(root: Path) -> Iterator[Path]:
    for directory, _, names in os.walk(root, onerror=_raise):
        yield from (Path(directory, name) for name in names if name.startswith(TEMPORARY))


def _raise(error: OSError) -> None:
    raise error


def _remove_older(path: Path, before: float) -> bool:
    try:
        if path.stat().st_mtime >= before:
            return False
        path.unlink()
    except FileNotFoundError:
        return False  # its writer finished in the meantime
    return True
