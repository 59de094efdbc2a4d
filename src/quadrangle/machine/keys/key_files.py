"""Keys in files that only their owner can read, made where they are missing."""

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from quadrangle.kernel.errors import KeysUnusable


def load_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what is in `path`, made now by `make` when it is missing.

    Processes that start at once agree: the folder is locked meanwhile. Raises KeysUnusable for a
    file that others may read or that cannot be used.
    """
    with _told(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(path.parent):
            if not path.exists():
                write(path, make())
        return read(path)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the kernel lets go of it when its holder dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, on disk before anyone uses what it holds."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read(path: Path) -> bytes:
    """Return what is in the file. Raises KeysUnusable, also when others may read it."""
    with _told(path):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeysUnusable(f"Others may read the key in {path}. Please run: chmod 600 {path}")
        return path.read_bytes()


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KeysUnusable(f"The key in {path} cannot be used: {error.strerror}.") from error
