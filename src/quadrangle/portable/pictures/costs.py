"""How much work a picture will be, by what its header claims. Nothing is decoded here."""

import re

_JPEG_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf].{3}(..)(..)", re.DOTALL)
_HEIF_SIZE = re.compile(rb"ispe....(....)(....)", re.DOTALL)
_LOOKED_AT = 512 * 1024  # of a header: what comes before may be previews and profiles
_UNIT = 1_000_000


def cost_of(content: bytes, kind: str, most_pixels: int) -> float:
    """Return millions of pixels, and one for the rest of the work; of what cannot be told as of
    the largest. `kind` is Pillow's name of the format."""
    pixels = _claimed(content[:_LOOKED_AT], kind)
    return 1 + (min(pixels, most_pixels) or most_pixels) / _UNIT


def _claimed(head: bytes, kind: str) -> int:
    if kind == "PNG":
        return _product(head[16:20], head[20:24])
    if kind == "WEBP":
        return _of_webp(head)
    pattern = _JPEG_FRAME if kind == "JPEG" else _HEIF_SIZE
    # the largest: a preview has a frame of its own
    return max((_product(high, wide) for high, wide in pattern.findall(head)), default=0)


def _of_webp(head: bytes) -> int:
    form = head[12:16]
    if form == b"VP8X":
        wide, high = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
        return wide * high
    if form == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    wide, high = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return wide * high


def _product(one: bytes, other: bytes) -> int:
    return int.from_bytes(one, "big") * int.from_bytes(other, "big")
