"""How a file is sent in parts that go past this service: how large they are, which are there."""

import base64
import binascii
from collections.abc import Sequence

import msgspec

from quadrangle.kernel.errors import InvalidInput
from quadrangle.videos.uploads.model import Upload

MIB = 2**20
# A browser holds a part in memory to make its checksum, and sends it anew when the line breaks.
USUAL_PART = 16 * MIB
MOST_PARTS = 10_000  # that S3 joins; all but the last have 5 MiB at least
SIGNED_AT_ONCE = 50
_DIGEST_BYTES = 32


class NewPart(msgspec.Struct, frozen=True):
    """A part that somebody is about to send: its number from 1, its bytes, and their SHA-256."""

    number: int
    size: int
    checksum: str  # in base64


class SignedPart(msgspec.Struct, frozen=True):
    """Where a part goes, by PUT, with these headers besides those that clients add."""

    number: int
    url: str
    headers: dict[str, str]


class SentPart(msgspec.Struct, frozen=True):
    """A part that has arrived; `etag` and `checksum` are what the store says of it."""

    number: int
    size: int
    etag: str
    checksum: str = ""


def part_size(size: int) -> int:
    """Return of how many bytes each part of a file is."""
    least = -(-size // MOST_PARTS)
    return max(USUAL_PART, -(-least // MIB) * MIB)


def count(upload: Upload) -> int:
    """Return of how many parts a file is."""
    return -(-upload.size // upload.part_size)


def size_of(upload: Upload, number: int) -> int:
    """Return of how many bytes one part is."""
    return min(upload.part_size, upload.size - (number - 1) * upload.part_size)


def new_parts(upload: Upload, checksums: Sequence[tuple[int, str]]) -> list[NewPart]:
    """Return the parts that are to be sent, by their numbers and checksums. Raises InvalidInput."""
    if not 0 < len(checksums) <= SIGNED_AT_ONCE:
        raise InvalidInput.at("parts", f"Please name 1 to {SIGNED_AT_ONCE} parts at once.")
    most = count(upload)
    for number, checksum in checksums:
        if not 1 <= number <= most:
            raise InvalidInput.at("parts", f"The parts of this file are 1 to {most}.")
        if not _is_digest(checksum):
            raise InvalidInput.at("parts", "A part's checksum is its SHA-256 in base64.")
    return [NewPart(number, size_of(upload, number), checksum) for number, checksum in checksums]


def _is_digest(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == _DIGEST_BYTES
    except (binascii.Error, ValueError):
        return False


def from_the_beginning(upload: Upload, parts: Sequence[SentPart]) -> list[SentPart]:
    """Return those that make the beginning of the file without a gap, each of its whole size."""
    found: list[SentPart] = []
    for part in parts:
        expected = len(found) + 1
        if part.number != expected or part.size != size_of(upload, expected):
            break
        found.append(part)
    return found
