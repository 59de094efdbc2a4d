"""Measures the rectangles of a framebuffer update, without decoding them.

A viewer's picture can have thousands a second, so this is written for speed: one call and no
copies for each.
"""

import struct
from collections.abc import Callable

from quadrangle.portable.rfb import encodings
from quadrangle.portable.rfb.errors import ProtocolViolation
from quadrangle.portable.rfb.pixel_format import PixelFormat

_HEAD = struct.Struct(">4xHHi")  # the place does not matter, the size and the encoding do
_LENGTH = struct.Struct(">I")
_UNCOMPRESSED = 12  # bytes: what is shorter, Tight sends as it is
_FILL, _JPEG = 8, 9
_WITH_FILTER = 4
_COPY, _PALETTE, _GRADIENT = 0, 1, 2

LAST = 0  # stands for the length of the rectangle that only says that it is the last
LAST_LENGTH = _HEAD.size


def rectangle_length(stream: bytes, place: int, pixels: PixelFormat) -> int | None:
    """Return how many bytes the rectangle has that begins at `place`, head and all.

    LAST for the one that ends an update; None where more must come to tell, at most a palette.
    Raises ProtocolViolation for one whose length is not known.
    """
    try:
        width, height, encoding = _HEAD.unpack_from(stream, place)
        if encoding == encodings.LAST_RECT:
            return LAST
        measure = _MEASURES.get(encoding)
        if measure is None:
            raise ProtocolViolation(f"The desktop sent a picture in the encoding {encoding}.")
        return _HEAD.size + measure(stream, place + _HEAD.size, width, height, pixels)
    except (IndexError, struct.error):
        return None


def _tight(stream: bytes, at: int, width: int, height: int, pixels: PixelFormat) -> int:
    control = stream[at] >> 4
    if control == _JPEG:
        return 1 + _compact(stream, at + 1)
    if control == _FILL:
        return 1 + pixels.compact
    if control > _FILL:
        raise ProtocolViolation("The desktop sent a picture in an unknown kind of compression.")
    head, row = 1, width * pixels.compact
    if control & _WITH_FILTER:
        chosen = stream[at + 1]
        head = 2
        if chosen == _PALETTE:
            colours = stream[at + 2] + 1
            head = 3 + colours * pixels.compact
            row = (width + 7) // 8 if colours == 2 else width
        elif chosen not in (_COPY, _GRADIENT):
            raise ProtocolViolation("The desktop sent a picture with an unknown filter.")
    size = row * height
    return head + (size if size < _UNCOMPRESSED else _compact(stream, at + head))


def _compact(stream: bytes, at: int) -> int:
    """Return the length that is told in one to three bytes, and theirs: seven bits in each but the
    third, lowest first."""
    first = stream[at]
    if first < 0x80:
        return 1 + first
    second = stream[at + 1]
    if second < 0x80:
        return 2 + (first & 0x7F | second << 7)
    return 3 + (first & 0x7F | (second & 0x7F) << 7 | stream[at + 2] << 14)


def _counted(stream: bytes, at: int, width: int, height: int, pixels: PixelFormat) -> int:
    """A length of four bytes comes first, as with ZRLE and the name of the desktop."""
    return 4 + _LENGTH.unpack_from(stream, at)[0]


def _raw(stream: bytes, at: int, width: int, height: int, pixels: PixelFormat) -> int:
    return width * height * pixels.pixel


def _cursor(stream: bytes, at: int, width: int, height: int, pixels: PixelFormat) -> int:
    return width * height * pixels.pixel + (width + 7) // 8 * height


def _vmware_cursor(stream: bytes, at: int, width: int, height: int, pixels: PixelFormat) -> int:
    return 2 + width * height * (4 if stream[at] == 1 else 2 * pixels.pixel)


def _screens(stream: bytes, at: int, width: int, height: int, pixels: PixelFormat) -> int:
    return 4 + 16 * stream[at]


def _always(length: int) -> Callable[[bytes, int, int, int, PixelFormat], int]:
    return lambda stream, at, width, height, pixels: length


_MEASURES: dict[int, Callable[[bytes, int, int, int, PixelFormat], int]] = {
    encodings.TIGHT: _tight,
    encodings.ZRLE: _counted,
    encodings.RAW: _raw,
    encodings.COPY_RECT: _always(4),
    encodings.CURSOR: _cursor,
    encodings.VMWARE_CURSOR: _vmware_cursor,
    encodings.DESKTOP_SIZE: _always(0),
    encodings.DESKTOP_NAME: _counted,
    encodings.EXTENDED_DESKTOP_SIZE: _screens,
    encodings.LED_STATE: _always(1),
    encodings.QEMU_KEYS: _always(0),
}
