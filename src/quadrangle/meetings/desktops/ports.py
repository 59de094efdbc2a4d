"""What meetings need from whoever makes desktops: sandboxes of one machine, or EC2."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

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


class MachineState(StrEnum):
    STARTING = "starting"
    RUNNING = "running"
    GONE = "gone"


class Machine(msgspec.Struct, frozen=True):
    """A machine that the provider says is ours, and whose it is by its tags.

    `address` is where it can be reached once it runs: an IP address on EC2, the path of a socket
    on one machine.
    """

    machine_id: str
    meeting_id: str
    role: MeetingRole
    generation: int
    token: str
    state: MachineState
    address: str | None = None


class Placement(msgspec.Struct, frozen=True):
    """Where and as what a machine can be launched; tried in order. Empty on one machine."""

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
