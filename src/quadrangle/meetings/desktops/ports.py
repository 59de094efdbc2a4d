"""What meetings need from whoever makes desktops: sandboxes of one machine, or EC2."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from quadrangle.meetings.desktops.guests_model import Guests
from quadrangle.meetings.desktops.model import Machine, Placement
from quadrangle.meetings.model import MeetingRole, Workspace


class LaunchOrder(msgspec.Struct, frozen=True):
    """One launch, the same each time it is repeated.

    `token` is the idempotency token: the same token with the same parameters gives the same
    machine. `ends_at` (an instant as a text) is when the machine ends itself whatever happens.
    """

    meeting_id: str
    role: MeetingRole
    generation: int
    attempt: int
    token: str
    workspace: Workspace
    ends_at: str
    zone: str = ""
    machine_type: str = ""


class NoRoom(Exception):
    """The provider says definitely that it made nothing, for want of room; says for whom."""


class TokenSpent(Exception):
    """The token was used, and what it made has ended: only a new token makes another."""


class TokenMismatch(Exception):
    """The token was used with other parameters."""


class LaunchRefused(Exception):
    """The provider will never do this, such as for want of programs; the message says why."""


class Desktops(Protocol):
    """Makes, finds and ends machines.

    Every verb raises kernel.errors.Unavailable when the provider cannot be asked or its answer is
    lost: nothing is known then, and nothing may be concluded.
    """

    async def placements(self, workspace: Workspace) -> Sequence[Placement]:
        """Return where to try, best first. At least one."""
        ...

    async def launch(self, order: LaunchOrder) -> str:
        """Have a machine made and return its id. Safe to repeat with the same order.

        Raises NoRoom, TokenSpent, TokenMismatch, LaunchRefused; Unavailable when it may or may
        not have been made.
        """
        ...

    async def find(self, token: str) -> Machine | None:
        """Return the machine a token made, None where none is (yet) known."""
        ...

    async def look_up(self, machine_ids: Sequence[str]) -> dict[str, Machine]:
        """Return what is known of machines, by id. One that is not in the answer is unknown."""
        ...

    async def list_ours(self) -> list[Machine]:
        """Return every machine of this installation that is not gone, by the provider's word."""
        ...

    async def terminate(self, machine_id: str) -> None:
        """Have a machine end, and all that runs in it. Of one that is gone or unknown: nothing."""
        ...

    async def answers(self, machine: Machine) -> bool:
        """Tell whether the desktop itself answers: on one machine a completed RFB handshake."""
        ...


class Routes(Protocol):
    """Makes a name lead to a machine: DNS records on AWS, a path of the server on one machine.

    Raises Unavailable. Every verb is safe to repeat.
    """

    async def point(self, machine: Machine) -> str:
        """Have the machine's name lead to its address, and to nothing else; return the link."""
        ...

    async def take_off(self, machine: Machine) -> None:
        """Take the name off, if it still leads to this machine."""
        ...


class Capacity(msgspec.Struct, frozen=True):
    """How many desktops fit at once; `why` says in a sentence what bounds it, or what is missing.

    0 where there can be none, such as without the programs.
    """

    desktops: int
    why: str


# The comment of a zip of Take home that some files were left out of, for which there is no room.
LEFT_OUT = b"Some files were left out: see Left out.txt."


class DesktopFiles(Protocol):
    """What goes into the homes of desktops and comes out of them.

    A home is kept after its desktop ended, until it is forgotten. Raises Unavailable.
    """

    async def put_file(self, machine_id: str, name: str, content: bytes) -> None:
        """Put a file into the folder Files of a running desktop. Safe to repeat: what is there
        under that name stays, as its person may have worked on it.

        Raises InvalidInput for a name, TooLarge when the bound or the home is full, NotFound when
        there is no such desktop, Conflict when its person made the folder something else.
        """
        ...

    def take_home(self, machine_id: str) -> AsyncIterator[bytes]:
        """Yield a zip of what lies in the folder Take home, nothing where nothing does.

        Only what is whole is of use: the rest may be missing when this raises. One that does not
        hold everything has the comment LEFT_OUT as its end, and names there what it lacks.
        NotFound when there is no such home (any more).
        """
        ...

    async def list_kept(self) -> list[Machine]:
        """Return the desktops that are gone and whose homes are kept."""
        ...

    async def forget(self, machine_id: str) -> None:
        """Remove the home of a desktop that is gone. Safe to repeat. Raises Conflict of one that
        runs."""
        ...


class FileAddress(msgspec.Struct, frozen=True):
    """Where a machine fetches a file by itself, for some minutes."""

    name: str
    url: str


class FileAddresses(Protocol):
    """Addresses by which a machine fetches and sends files, without rights of its own.

    Raises Unavailable.
    """

    async def given(self, machine_id: str) -> list[FileAddress]:
        """Return those of the files that were put for it."""
        ...

    async def for_take_home(self, machine: Machine, size: int) -> str | None:
        """Return where to PUT a zip of `size` bytes, None for one that is larger than allowed."""
        ...


class GuestBook(Protocol):
    """Keeps who was let in on machines elsewhere. Raises Unavailable."""

    async def get(self, machine_id: str) -> Guests:
        """Return who was let in on one; version 0 where nobody was yet."""
        ...

    async def save(self, guests: Guests) -> None:
        """Replace what stands with a version that is one less. Raises Conflict."""
        ...


class Recordings(Protocol):
    """Films desktops. One recording is of one desktop, and ends with it.

    Raises Unavailable, and NotFound for a desktop or recording that is not there.
    """

    async def start(self, machine_id: str, recording_id: str, until: datetime) -> None:
        """Begin one that ends by itself about then; safe to repeat. Raises LaunchRefused when it
        can never be, and Conflict for one that was begun and is over."""
        ...

    async def is_running(self, machine_id: str, recording_id: str) -> bool:
        """Tell whether frames are still being kept."""
        ...

    async def stop(self, machine_id: str, recording_id: str) -> None:
        """End it; the file is whole when this returns. Of one that is over: nothing."""
        ...

    async def size(self, machine_id: str, recording_id: str) -> int:
        """Return how many bytes were filmed so far; 0 where that is not one picture."""
        ...

    def content(self, machine_id: str, recording_id: str) -> AsyncIterator[bytes]:
        """Yield the recording as MP4. Of one that was cut off, all but the last moments."""
        ...

    async def discard(self, machine_id: str, recording_id: str) -> None:
        """End it and remove what was filmed. Safe to repeat."""
        ...
