"""The meeting service: its capabilities, put together from the parts a host has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from quadrangle.meetings.control.following import Following
from quadrangle.meetings.control.ports import ControlStore
from quadrangle.meetings.control.supervision import Supervision
from quadrangle.meetings.control.switchboard import Switchboard
from quadrangle.meetings.core import CoreParts, MeetingCore
from quadrangle.meetings.desktops.ports import Capacity
from quadrangle.meetings.joining.lobby import Lobbies
from quadrangle.meetings.joining.seats import Seats
from quadrangle.meetings.joining.standing import Standing
from quadrangle.meetings.oversight.model import Price
from quadrangle.meetings.oversight.oversight import Oversight
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import ReapLog
from quadrangle.meetings.room.ice import IceSettings
from quadrangle.meetings.room.jitsi import JitsiRooms, JitsiSettings, RoomTokens
from quadrangle.meetings.room.ports import RoomStore
from quadrangle.meetings.room.signalling import Room
from quadrangle.meetings.scheduling.claims_model import RoomLimit

NO_ROOM = "There is no room for another meeting at that time. Please choose another one."


@dataclass(frozen=True)
class MeetingParts:
    """What the service is put together from. `capacity` tells how many desktops fit at once,
    `price` what an hour of one costs, where that is known."""

    core: CoreParts
    control: ControlStore
    room: RoomStore
    ice: IceSettings
    jitsi: JitsiSettings
    room_tokens: RoomTokens
    capacity: Callable[[], Capacity]
    reaped: ReapLog
    price: Price | None = None


class MeetingService(MeetingCore):
    """Everything that can be done with meetings."""

    injected_as: ClassVar[str] = "meetings"

    def __init__(self, parts: MeetingParts) -> None:
        p, core = parts, parts.core
        clock, policy = core.clock, core.policy
        super().__init__(core)
        self.addresses, self.rights, self.policy = core.addresses, core.rights, policy
        self.people, self.doors = core.people, core.doors
        self._capacity = p.capacity
        self.seats = Seats(core.store, self.links, clock, policy)
        self.switchboard = Switchboard()
        self.supervision = Supervision(p.control, self.ticketing, self.switchboard, clock)
        self.standing = Standing(core.store, core.people)
        self.following = Following(self.supervision, self.switchboard, self.standing)
        self.room = Room(p.room, clock, p.ice)
        self.jitsi = JitsiRooms(p.jitsi, p.room_tokens, clock)
        self.oversight = Oversight(core.store, p.reaped, p.capacity, clock, policy)
        self.price = p.price
        self.lobbies = Lobbies(self.links, core.presence, core.launch_times, clock, policy)

    @property
    def capacity(self) -> Capacity:
        """How many desktops fit at once, and why no more."""
        return self._capacity()

    def limit(self) -> RoomLimit | None:
        """Return how many meetings can have desktops at once, None where that bounds nothing."""
        return room_limit(self._capacity(), self.policy)


def room_limit(capacity: Capacity, policy: MeetingPolicy) -> RoomLimit | None:
    """Return how many meetings can have desktops at once: two each."""
    if capacity.desktops < 2:
        # meetings can be planned where desktops cannot be made yet: their links say why
        return None
    return RoomLimit(capacity.desktops // 2, policy.lead.total_seconds(), NO_ROOM)
