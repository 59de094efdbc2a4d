"""What machines there are, by the word of whoever makes them."""

from enum import StrEnum

import msgspec

from quadrangle.meetings.model import MeetingRole


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
