"""The keys that sign our tokens, in one file that only its owner can read."""

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from quadrangle.accounts.signing_keys import KeysUnusable, SigningKey, decode_keys, encode_keys


def load_or_make(path: Path) -> list[SigningKey]:
    """Return the keys in `path`, made now when there are none; the first one signs.

    Processes that start at once agree: the folder is locked meanwhile. Raises KeysUnusable for a
    file that others may read or that is damaged.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(path.parent):
            if not path.exists():
                _write(path, [SigningKey.make()])
        return _read(path)
    except OSError as error:
        raise KeysUnusable(
            f"The signing keys in {path} cannot be used: {error.strerror}."
        ) from error


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the kernel lets go of it when its holder dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, keys: list[SigningKey]) -> None:
    """Write the file whole or not at all, on disk before anyone signs with it."""
    content = encode_keys(keys)
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


def _read(path: Path) -> list[SigningKey]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeysUnusable(f"Others may read the signing keys. Please run: chmod 600 {path}")
    return decode_keys(path.read_bytes(), str(path))
