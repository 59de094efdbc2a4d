"""What asking the provider about one desktop brought to light.

A finding is a truth about the world and not about our records: it is laid on whatever the meeting
has become meanwhile, and says nothing where it no longer fits. `attempt` is the number of the
attempt that was asked about.
"""

import msgspec

from quadrangle.meetings.desktops.model import Machine, Placement


class Placed(msgspec.Struct, frozen=True):
    """There is a place to try next."""

    placement: Placement


class Launched(msgspec.Struct, frozen=True):
    """The attempt made this machine."""

    attempt: int
    machine_id: str


class NotMade(msgspec.Struct, frozen=True):
    """The attempt made nothing, definitely; `final` where no other attempt will either."""

    attempt: int
    why: str
    final: bool = False


class Spent(msgspec.Struct, frozen=True):
    """What the attempt made has ended already."""

    attempt: int


class NotFound(msgspec.Struct, frozen=True):
    """The provider was asked, and knows of nothing the attempt made, or not yet."""

    attempt: int


class Seen(msgspec.Struct, frozen=True):
    """The provider was asked about the machine. None: it knows nothing of it, or not yet."""

    machine: Machine | None


class Pointed(msgspec.Struct, frozen=True):
    """The name leads to the address."""

    address: str
    link: str


class Unrouted(msgspec.Struct, frozen=True):
    """No name leads to the machine any more."""


class Answered(msgspec.Struct, frozen=True):
    """The desktop was asked and answered, or did not."""

    healthy: bool


LaunchFinding = Placed | Launched | NotMade | Spent | NotFound
MachineFinding = Seen | Pointed | Unrouted | Answered
Finding = LaunchFinding | MachineFinding
