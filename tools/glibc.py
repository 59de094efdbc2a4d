"""Reads from binaries which version of the C library they need (ELF's `.gnu.version_r`)."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

Version = tuple[int, int]

_NEEDS = 0x6FFFFFFE  # SHT_GNU_verneed
_NUMBERED = re.compile(rb"GLIBC_(\d+)\.(\d+)")
_RELATIVE = b"GLIBC_ABI_DT_RELR"  # has no number, and came with 2.36
_MAGIC = b"\x7fELF\x02\x01"  # 64 bits, least byte first, as all that Lambda runs


def needed(folder: Path) -> dict[Path, Version]:
    """Return the version that each binary below a folder needs; those that need none are left out.

    Raises ValueError for a binary of another kind of machine.
    """
    found = {}
    for path in sorted(folder.rglob("*.so*")):
        versions = versions_in(path.read_bytes())
        if versions:
            found[path] = max(versions)
    return found


def versions_in(binary: bytes) -> set[Version]:
    """Return the versions of the C library whose symbols a binary asks for."""
    if not binary.startswith(_MAGIC):
        raise ValueError("This is not a binary for 64-bit Linux.")
    sections = list(_sections(binary))
    versions: set[Version] = set()
    for kind, start, _, link in sections:
        if kind == _NEEDS:
            versions |= set(_versions(binary, start, texts=sections[link][1]))
    return versions


def _sections(binary: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield kind, offset, size and link of each section."""
    (table,) = struct.unpack_from("<Q", binary, 0x28)
    width, count = struct.unpack_from("<HH", binary, 0x3A)
    for number in range(count):
        _, kind, _, _, start, size, link = struct.unpack_from(
            "<IIQQQQI", binary, table + number * width
        )
        yield kind, start, size, link


def _versions(binary: bytes, start: int, texts: int) -> Iterator[Version]:
    """Walk the libraries that are needed, and of each the versions of symbols."""
    library = start
    while True:
        _, count, _, first, following = struct.unpack_from("<HHIII", binary, library)
        symbol = library + first
        for _ in range(count):
            _, _, _, name, after = struct.unpack_from("<IHHII", binary, symbol)
            yield from _version(binary[texts + name : binary.index(b"\0", texts + name)])
            symbol += after
        if not following:
            return
        library += following


def _version(name: bytes) -> Iterator[Version]:
    if name == _RELATIVE:
        yield (2, 36)
    elif numbered := _NUMBERED.match(name):
        yield (int(numbered[1]), int(numbered[2]))
