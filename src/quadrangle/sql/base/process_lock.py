"""One writing process at a time, in turn."""

import fcntl
import os
from pathlib import Path


class ProcessLock:
    """A lock between processes for which waiting sleeps in the kernel, and waiting pays off.

    SQLite's own lock is polled with growing pauses, which starves a busy server beside a busy
    worker. The kernel's alone is not fair either: whoever lets go of it and wants it again at once
    has it before a waiting process has woken up. So one waits for it in the turnstile, where the
    last holder finds the waiting process before it. The kernel releases both when a holder dies.
    """

    def __init__(self, database: str) -> None:
        self._turnstile = _File(Path(database + "-turn"))
        self._lock = _File(Path(database + "-writer"))

    def __enter__(self) -> None:
        with self._turnstile:
            self._lock.__enter__()

    def __exit__(self, *_: object) -> None:
        self._lock.__exit__()


class _File:
    """An exclusive lock on a file, made when first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def __enter__(self) -> None:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
