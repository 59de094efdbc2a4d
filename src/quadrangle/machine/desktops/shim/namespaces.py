"""Ends what runs in a sandbox's process namespace."""

import contextlib
import os
import select
import signal


def born(process: int) -> int | None:
    """Return when a process began, in the kernel's ticks since the machine did; None: no such.

    With its number it names a process for good, as numbers are used again.
    """
    try:
        with open(f"/proc/{process}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[19])
    except (OSError, IndexError, ValueError):
        return None


class Process:
    """A process that was there when this was made. Its number cannot come to mean another."""

    def __init__(self, number: int) -> None:
        """Raises ProcessLookupError."""
        self.number = number
        self._handle = os.pidfd_open(number)

    def send(self, signal_number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal_number)

    def is_gone(self, within_s: float | None) -> bool:
        """Wait for its end (None: as long as it takes) and tell whether it came."""
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        return bool(poll.poll(None if within_s is None else within_s * 1000))

    def close(self) -> None:
        os.close(self._handle)


def end_namespace(init: Process, gently_s: float) -> None:
    """Ask what `init` started to end, and after `gently_s` seconds kill all in its namespace.

    `init` is the first process of the namespace: with it the kernel kills all others, and it is
    not gone before they are.
    """
    if not init.is_gone(0):
        for process in _started_by(init.number):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
        if not init.is_gone(gently_s):
            init.send(signal.SIGKILL)
            init.is_gone(None)


def _started_by(init: int) -> list[int]:
    try:
        with open(f"/proc/{init}/task/{init}/children") as file:
            return [int(number) for number in file.read().split()]
    except OSError:
        return []
