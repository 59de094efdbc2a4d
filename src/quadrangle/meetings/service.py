"""The meeting service: its capabilities, put together from the parts a host has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from quadrangle.kernel.clock import Clock
from quadrangle.meetings.control.ports import ControlStore
from quadrangle.meetings.control.supervision import Supervision
from quadrangle.meetings.control.switchboard import Switchboard
from quadrangle.meetings.desktops.ports import Capacity
from quadrangle.meetings.joining import Joining
from quadrangle.meetings.links import Links
from quadrangle.meetings.lobby import Lobbies
from quadrangle.meetings.policy import MeetingAddresses, MeetingPolicy, MeetingRights
from quadrangle.meetings.ports import (
    Doors,
    LaunchTimes,
    LinkKeys,
    MeetingStore,
    People,
    PresenceStore,
    RoomLimit,
    Tickets,
)
from quadrangle.meetings.reading import Reading
from quadrangle.meetings.room.ice import IceSettings
from quadrangle.meetings.room.ports import RoomStore
from quadrangle.meetings.room.signalling import Room
from quadrangle.meetings.scheduling import Scheduling
from quadrangle.meetings.seats import Seats
from quadrangle.meetings.ticketing import Ticketing


@dataclass(frozen=True)
class MeetingParts:
    """What the service is put together from. `capacity` tells how many desktops fit at once."""

    meetings: MeetingStore
    presence: PresenceStore
    tickets: Tickets
    launch_times: LaunchTimes
    link_keys: LinkKeys
    doors: Doors
    people: People
    control: ControlStore
    room: RoomStore
    ice: IceSettings
    capacity: Callable[[], Capacity]
    addresses: MeetingAddresses
    clock: Clock
    rights: MeetingRights
    policy: MeetingPolicy


class MeetingService:
    """Everything that can be done with meetings."""

    injected_as: ClassVar[str] = "meetings"

    def __init__(self, parts: MeetingParts) -> None:
        p, clock, policy = parts, parts.clock, parts.policy
        self.addresses, self.rights, self.policy = p.addresses, p.rights, policy
        self.people = p.people
        self._capacity = p.capacity
        self.links = Links(p.meetings, p.link_keys, p.rights)
        self.ticketing = Ticketing(p.meetings, p.tickets, clock, policy)
        self.scheduling = Scheduling(
            p.meetings, p.addresses, p.rights, clock, policy, limit=self.limit
        )
        self.joining = Joining(
            p.meetings, self.links, self.ticketing, p.doors, p.launch_times, clock, policy
        )
        self.reading = Reading(p.meetings, p.presence, clock, policy)
        self.seats = Seats(p.meetings, self.links, clock, policy)
        self.switchboard = Switchboard()
        self.supervision = Supervision(p.control, self.ticketing, self.switchboard, clock)
        self.room = Room(p.room, clock, p.ice)
        self.lobbies = Lobbies(self.links, p.presence, p.launch_times, clock, policy)

    @property
    def capacity(self) -> Capacity:
        """How many desktops fit at once, and why no more."""
        return self._capacity()

    def limit(self) -> RoomLimit | None:
        """Return how many meetings can have desktops at once, None where that bounds nothing."""
        capacity = self._capacity()
        if capacity.desktops < 2:
            # meetings can be planned where desktops cannot be made yet: their links say why
            return None
        sentence = "There is no room for another meeting at that time. Please choose another one."
        return RoomLimit(capacity.desktops // 2, self.policy.lead.total_seconds(), sentence)
