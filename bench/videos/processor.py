"""How much of the processor programs spend, those in sandboxes too."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SET_CHILD_SUBREAPER = 36


@contextmanager
def adopting_orphans() -> Iterator[None]:
    """Have what a sandbox leaves behind become ours: what it spent is counted when it is reaped."""
    prctl = ctypes.CDLL(None).prctl
    prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def processor_s(work: Callable[[], object]) -> float:
    """Return what all programs that `work` starts spend. Nothing else may be awaited meanwhile:
    whatever program has ended is reaped here."""
    before = _spent()
    work()
    return _spent() - before


def most_memory() -> int:
    """Return the most KiB that one program had so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def _spent() -> float:
    try:
        while os.waitpid(-1, 0)[0]:
            pass
    except ChildProcessError:
        pass
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
