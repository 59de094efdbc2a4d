"""Measures the rectangles of a framebuffer update, without decoding them.

A reader is a generator that yields `(passing, needed)`: it lets so many bytes go by unseen, then
wants to be sent so many. What it returns is how many bytes of the rectangle are still to go by.
"""

import struct
from collections.abc import Callable, Generator

from quadrangle.portable.rfb import encodings
from quadrangle.portable.rfb.errors import ProtocolViolation
from quadrangle.portable.rfb.pixel_format import PixelFormat

Reader = Generator[tuple[int, int], bytes, int]

_HEAD = struct.Struct(">4xHHi")  # the place does not matter, the size and the encoding do
_UNCOMPRESSED = 12  # bytes: what is shorter, Tight sends as it is
_FILL, _JPEG = 8, 9
_WITH_FILTER = 4
_COPY, _PALETTE, _GRADIENT = 0, 1, 2


def rectangles(count: int, pixels: PixelFormat) -> Reader:
    """Read the rectangles of one update. Raises ProtocolViolation for one without a known size."""
    passing = 0
    for _ in range(count):
        width, height, encoding = _HEAD.unpack((yield passing, _HEAD.size))
        if encoding == encodings.LAST_RECT:
            return 0
        size = _SIZES.get(encoding)
        if size is not None:
            passing = size(width, height, pixels)
            continue
        reader = _READERS.get(encoding)
        if reader is None:
            raise ProtocolViolation(f"The desktop sent a picture in the encoding {encoding}.")
        passing = yield from reader(width, height, pixels)
    return passing


def _nothing(width: int, height: int, pixels: PixelFormat) -> int:
    return 0


def _raw(width: int, height: int, pixels: PixelFormat) -> int:
    return width * height * pixels.pixel


def _cursor(width: int, height: int, pixels: PixelFormat) -> int:
    return width * height * pixels.pixel + (width + 7) // 8 * height


def _counted(width: int, height: int, pixels: PixelFormat) -> Reader:
    """A length of four bytes comes first, as with ZRLE and the name of the desktop."""
    return int.from_bytes((yield 0, 4), "big")


def _screens(width: int, height: int, pixels: PixelFormat) -> Reader:
    return 16 * (yield 0, 4)[0]


def _vmware_cursor(width: int, height: int, pixels: PixelFormat) -> Reader:
    kind = (yield 0, 2)[0]
    return width * height * (4 if kind == 1 else 2 * pixels.pixel)


def _tight(width: int, height: int, pixels: PixelFormat) -> Reader:
    control = (yield 0, 1)[0] >> 4
    if control == _FILL:
        return pixels.compact
    if control == _JPEG:
        return (yield from _compact_length(0))
    if control > _FILL:
        raise ProtocolViolation("The desktop sent a picture in an unknown kind of compression.")
    row, palette = width * pixels.compact, 0
    if control & _WITH_FILTER:
        chosen = (yield 0, 1)[0]
        if chosen == _PALETTE:
            colours = (yield 0, 1)[0] + 1
            palette = colours * pixels.compact
            row = (width + 7) // 8 if colours == 2 else width
        elif chosen not in (_COPY, _GRADIENT):
            raise ProtocolViolation("The desktop sent a picture with an unknown filter.")
    size = row * height
    if size < _UNCOMPRESSED:
        return palette + size
    return (yield from _compact_length(palette))


def _compact_length(passing: int) -> Reader:
    """Read a length of one to three bytes, seven bits in each but the third, lowest first."""
    length = 0
    for shift in (0, 7, 14):
        byte = (yield passing, 1)[0]
        passing = 0
        if shift == 14 or byte < 0x80:
            return length | byte << shift
        length |= (byte & 0x7F) << shift
    raise AssertionError("the third byte ends it")


_SIZES: dict[int, Callable[[int, int, PixelFormat], int]] = {
    encodings.RAW: _raw,
    encodings.COPY_RECT: lambda width, height, pixels: 4,
    encodings.DESKTOP_SIZE: _nothing,
    encodings.QEMU_KEYS: _nothing,
    encodings.LED_STATE: lambda width, height, pixels: 1,
    encodings.CURSOR: _cursor,
}
_READERS: dict[int, Callable[[int, int, PixelFormat], Reader]] = {
    encodings.TIGHT: _tight,
    encodings.ZRLE: _counted,
    encodings.DESKTOP_NAME: _counted,
    encodings.EXTENDED_DESKTOP_SIZE: _screens,
    encodings.VMWARE_CURSOR: _vmware_cursor,
}
