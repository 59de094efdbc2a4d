"""What came of a program that failed: refused for good, or worth another try."""

import re
import signal

from quadrangle.kernel.errors import Unavailable
from quadrangle.machine.videos.jail import TIMED_OUT
from quadrangle.videos.processing.accepting_rules import (
    INCOMPLETE,
    NOT_A_VIDEO,
    TOO_HARD,
    UNREADABLE,
    Caps,
    size_refusal,
)
from quadrangle.videos.processing.ports import Refusal

_NO_ROOM = ("No space left on device", "Disk quota exceeded", "File too large")
_NO_MEMORY = (
    *("Cannot allocate memory", "Cannot fork", "Resource temporarily unavailable"),
    "error while loading shared libraries",
)
_TOO_LARGE = re.compile(r"Picture size (\d{1,9})x(\d{1,9}) exceeds")
_NOT_THERE = (126, 127)  # of a shell: what was to be started
_NO_SANDBOX = "bwrap: "
_SIGNALLED = 128


def raise_probe_failure(code: int, said: str, caps: Caps) -> None:
    """Raise what it means that a file could not be looked into."""
    _raise_passing(code, said)
    too_large = _TOO_LARGE.search(said)
    if too_large is not None:
        width, height = (int(side) for side in too_large.groups())
        raise Refusal(size_refusal(width, height, caps) or TOO_HARD)
    if "moov atom not found" in said:
        raise Refusal(INCOMPLETE)
    if "Codec (" in said and "not on whitelist" in said and "Format not on" not in said:
        name = said.split("Codec (", 1)[1].split(")", 1)[0]
        if name.isascii() and name.replace("_", "").isalnum() and len(name) <= 32:
            raise Refusal(f"Films coded as {name} are not taken. Please export it as MP4.")
    raise Refusal(NOT_A_VIDEO)


def raise_transcode_failure(code: int, said: str) -> None:
    """Raise what it means that a film could not be rendered."""
    _raise_passing(code, said)
    raise Refusal(UNREADABLE)


def _raise_passing(code: int, said: str) -> None:
    """Raise Unavailable for what lies in this machine and not in the file; Refusal for a file that
    makes programs work without end."""
    number = code - _SIGNALLED if code > _SIGNALLED else -code
    if number == signal.SIGXCPU or "CPU time limit exceeded" in said:
        raise Refusal(TOO_HARD)
    if code in _NOT_THERE:
        raise Unavailable("The programs that process videos cannot be started just now.")
    if any(text in said for text in _NO_ROOM):
        raise Unavailable("The disk is full; the video waits until there is room again.")
    if said.startswith(_NO_SANDBOX):
        raise Unavailable("The sandbox for videos cannot be made just now.")
    if code == TIMED_OUT:
        raise Unavailable("Processing took too long; this machine may be busy.")
    if number in (signal.SIGKILL, signal.SIGTERM) or any(text in said for text in _NO_MEMORY):
        raise Unavailable("Processing was ended before it was done; memory may be short.")
