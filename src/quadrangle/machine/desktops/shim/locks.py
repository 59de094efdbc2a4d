"""Locks that tell who holds them.

POSIX record locks rather than flock: asking for the holder (F_GETLK) takes no lock, so two who ask
at once do not see each other; and the kernel names the holder, so no process id that was written
down, and may be another's by now, is ever signalled. The kernel lets go when the holder ends.
"""

import fcntl
import os
import struct

# struct flock as 64-bit Linux has it: type, whence, start, length, process
_FLOCK = struct.Struct("hhqqi4x")


def take(path: str) -> bool:
    """Take the lock at `path` until this process ends; False when another process has it.

    The file must be opened by nothing else in this process: closing it would let go.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return False
    return True


def holder(path: str) -> int | None:
    """Return the process that holds the lock at `path`, None where none does."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        question = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, process = _FLOCK.unpack(fcntl.fcntl(descriptor, fcntl.F_GETLK, question))
    finally:
        os.close(descriptor)
    return None if kind == fcntl.F_UNLCK else process
