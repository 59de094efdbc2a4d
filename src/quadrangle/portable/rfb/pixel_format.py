"""How a pixel is written: what the lengths of pictures follow from."""

import struct
from typing import NamedTuple

from quadrangle.portable.rfb.errors import ProtocolViolation

LENGTH = 16  # bytes of a pixel format in ServerInit and SetPixelFormat
_FORMAT = struct.Struct(">BBBBHHHBBB3x")


class PixelFormat(NamedTuple):
    """Sizes in bytes; `compact` is that of a TPIXEL, as the Tight encoding writes a pixel."""

    pixel: int
    compact: int


def read_pixel_format(data: bytes) -> PixelFormat:
    """Read the 16 bytes. Raises ProtocolViolation for sizes that the protocol does not have."""
    bits, depth, _, true_colour, *rest = _FORMAT.unpack(data)
    maxima, shifts = rest[:3], rest[3:]
    if bits not in (8, 16, 32):
        raise ProtocolViolation(f"A pixel cannot have {bits} bits.")
    in_bytes = maxima == [255, 255, 255] and not any(shift % 8 for shift in shifts)
    three = bits == 32 and depth == 24 and true_colour and in_bytes
    return PixelFormat(bits // 8, 3 if three else bits // 8)
