"""Colour profiles for tests."""

import struct

SRGB_RED = (0.4361, 0.2225, 0.0139)
SRGB_GREEN = (0.3851, 0.7169, 0.0971)
SRGB_BLUE = (0.1431, 0.0606, 0.7141)
Xyz = tuple[float, float, float]


def icc_profile(
    red: Xyz, green: Xyz = SRGB_GREEN, blue: Xyz = SRGB_BLUE, space: bytes = b"RGB "
) -> bytes:
    """Return a display profile with these primaries and a gamma of 2.2 (ICC.1:2001-04)."""
    white = (0.9642, 1.0, 0.8249)
    gamma = b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(2.2 * 256), 0)
    tags = [(b"wtpt", xyz(white)), (b"rXYZ", xyz(red)), (b"gXYZ", xyz(green)), (b"bXYZ", xyz(blue))]
    tags += [(name, gamma) for name in (b"rTRC", b"gTRC", b"bTRC", b"kTRC")]
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += name + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(body), len(data))
        body += data
    header = struct.pack(
        ">I4sI4s4s4s12s4s24s12s",
        128 + len(table) + len(body),
        b"\0\0\0\0",
        0x02100000,
        b"mntr",
        space,
        b"XYZ ",
        struct.pack(">6H", 2025, 1, 1, 0, 0, 0),
        b"acsp",
        bytes(28)[:24],
        bytes(12),
    )
    header = header[:68] + xyz(white)[8:]
    return header.ljust(128, b"\0") + table + body


def xyz(values: Xyz) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))
