"""What a terminal's server and its viewers say to each other over a socket.

Frames both ways: one byte of kind, four of length (big-endian), the payload. A viewer sends INPUT
(keys as bytes) and RESIZE (columns and rows); whoever may only watch must have both dropped by
what stands between, and needs nothing else let through. The server greets each viewer with SIZE
and SCREEN and then sends OUTPUT as it comes:

- SIZE: columns and rows, two unsigned 16-bit numbers, also whenever another viewer changed them
- SCREEN: replaces all that the viewer shows: the last lines of the shell's output. It comes again
  to a viewer that could not keep up
- OUTPUT: bytes for the terminal, to be shown after what came before

A frame of another kind, or one that is too long, ends the connection.

Standard library only: the server runs in a sandbox that has nothing else.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

MOST_BYTES = 1 << 20
SMALLEST, LARGEST = 2, 1000  # columns or rows

_HEAD = struct.Struct(">BI")
_SIZE = struct.Struct(">HH")


class Kind(IntEnum):
    INPUT = 1
    RESIZE = 2
    SIZE = 17
    SCREEN = 18
    OUTPUT = 19


class BadFrame(Exception):
    """The other side does not speak this protocol."""


class Frame(NamedTuple):
    kind: Kind
    payload: bytes


def encode(kind: Kind, payload: bytes) -> bytes:
    """Return the bytes of one frame; `payload` has at most MOST_BYTES."""
    return _HEAD.pack(kind, len(payload)) + payload


def encode_size(kind: Kind, columns: int, rows: int) -> bytes:
    """Return the bytes of a SIZE or RESIZE."""
    return encode(kind, _SIZE.pack(columns, rows))


def size_of(payload: bytes) -> tuple[int, int]:
    """Return columns and rows of a SIZE or RESIZE, within bounds. Raises BadFrame."""
    if len(payload) != _SIZE.size:
        raise BadFrame("a size has two numbers")
    columns, rows = _SIZE.unpack(payload)
    return _bounded(columns), _bounded(rows)


def _bounded(count: int) -> int:
    return min(max(count, SMALLEST), LARGEST)


class Decoder:
    """Puts frames together from bytes as they come, however they are cut."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, received: bytes) -> Iterator[Frame]:
        """Yield the frames that are whole now. Raises BadFrame, and is of no use afterwards."""
        self._waiting += received
        while len(self._waiting) >= _HEAD.size:
            number, length = _HEAD.unpack_from(self._waiting)
            if length > MOST_BYTES:
                raise BadFrame("the frame is too long")
            kind = _kind(number)
            end = _HEAD.size + length
            if len(self._waiting) < end:
                return
            payload = bytes(self._waiting[_HEAD.size : end])
            del self._waiting[:end]
            yield Frame(kind, payload)


def _kind(number: int) -> Kind:
    try:
        return Kind(number)
    except ValueError:
        raise BadFrame("there is no such kind of frame") from None
