"""Reads fragmented MP4 as a player does: without the help of the library that wrote it."""

import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec

IDR = 5
SLICES = (1, 2, 3, 4, 5)


class Sample(msgspec.Struct, frozen=True):
    """One packet: when it is shown, for how long, both in seconds."""

    shown: float
    length: float


def boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each box."""
    at = 0
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        assert size >= 8, kind
        yield kind, content[at + 8 : at + size]
        at += size
    assert at == len(content), "a segment is cut off within a box"


def box(content: bytes, *path: bytes) -> bytes:
    """Return the content of the first box of that path."""
    for kind in path:
        content = next(inner for name, inner in boxes(content) if name == kind)
    return content


def timescale(init: Path) -> int:
    header = box(init.read_bytes(), b"moov", b"trak", b"mdia", b"mdhd")
    return struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)[0]


def samples(segment: Path, scale: int) -> list[Sample]:
    """Return the samples of a segment of one track."""
    found = []
    for kind, content in boxes(segment.read_bytes()):
        if kind == b"moof":
            found += list(_samples_of(box(content, b"traf"), scale))
    return found


def _samples_of(traf: bytes, scale: int) -> Iterator[Sample]:
    header, told = box(traf, b"tfhd"), box(traf, b"tfdt")
    decoded = struct.unpack_from(">Q" if told[0] == 1 else ">I", told, 4)[0]
    usual = _default_length(header)
    for kind, run in boxes(traf):
        if kind != b"trun":
            continue
        flags, count = (
            struct.unpack_from(">I", run)[0] & 0xFFFFFF,
            struct.unpack_from(">I", run, 4)[0],
        )
        at = 8 + 4 * bool(flags & 1) + 4 * bool(flags & 4)
        for _ in range(count):
            length, offset = usual, 0
            for bit in (0x100, 0x200, 0x400, 0x800):
                if flags & bit:
                    value = struct.unpack_from(">i" if bit == 0x800 else ">I", run, at)[0]
                    length = value if bit == 0x100 else length
                    offset = value if bit == 0x800 else offset
                    at += 4
            yield Sample((decoded + offset) / scale, length / scale)
            decoded += length


def _default_length(header: bytes) -> int:
    flags = struct.unpack_from(">I", header)[0] & 0xFFFFFF
    at = 8 + 8 * bool(flags & 1) + 4 * bool(flags & 2)
    return struct.unpack_from(">I", header, at)[0] if flags & 8 else 0


def first_slice(segment: Path) -> int:
    """Return the kind of the first slice of H.264 in a segment: 5 is an IDR."""
    content = box(segment.read_bytes(), b"mdat")
    at = 0
    while at + 5 <= len(content):
        size = struct.unpack_from(">I", content, at)[0]
        kind = content[at + 4] & 0x1F
        if kind in SLICES:
            return kind
        at += 4 + size
    raise AssertionError("no slice")
