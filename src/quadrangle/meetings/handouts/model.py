"""The files a teacher hands out in a meeting. Frozen values; instants are texts."""

import msgspec

from quadrangle.meetings.materials.model import Sheet
from quadrangle.meetings.model import MeetingRole


class Placed(msgspec.Struct, frozen=True):
    """A file was put on one machine of a side, or could not be: `problem` is a sentence why."""

    role: MeetingRole
    machine_id: str
    problem: str | None = None


class Handout(msgspec.Struct, frozen=True):
    """One file of `size` bytes, and where it was put."""

    file_id: str
    name: str
    size: int
    added_at: str
    placed: tuple[Placed, ...] = ()


class Handouts(Sheet, frozen=True):
    """All of a meeting's."""

    files: tuple[Handout, ...] = ()


class HandoutLimits(msgspec.Struct, frozen=True):
    """How many files one meeting can have, and how large each can be, in bytes."""

    most: int = 20
    size: int = 25 * 1024 * 1024


class Announced(msgspec.Struct, frozen=True):
    """Where the content of a file is to be sent, until then."""

    file_id: str
    address: str
    until: str
