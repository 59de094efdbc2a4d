"""A meeting's life: scheduling, joining, and what launches and ends desktops beside requests."""

from collections.abc import Callable
from dataclasses import dataclass, field

from quadrangle.kernel.change import Reaction
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.jobs import Handler, Jobs
from quadrangle.meetings.desktops.asking import Asking
from quadrangle.meetings.desktops.ports import Desktops, Routes
from quadrangle.meetings.joining.joining import Joining
from quadrangle.meetings.joining.links import Links
from quadrangle.meetings.joining.ticketing import Ticketing
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy, MeetingRights
from quadrangle.meetings.ports import (
    Doors,
    LaunchTimes,
    LinkKeys,
    MeetingStore,
    People,
    PresenceStore,
    ReapLog,
    ReapMarks,
    Tickets,
)
from quadrangle.meetings.reactions import MeetingReactions
from quadrangle.meetings.reading import Reading
from quadrangle.meetings.scheduling.claims_model import RoomLimit
from quadrangle.meetings.scheduling.rules import own_hour
from quadrangle.meetings.scheduling.scheduling import ClaimsOf, Scheduling
from quadrangle.meetings.settling.reaping import Reaper
from quadrangle.meetings.settling.reconciling import Reconciler
from quadrangle.meetings.settling.watching import Watching


@dataclass(frozen=True)
class CoreParts:
    """What answering requests needs; `limit` says how many meetings can have desktops at once."""

    store: MeetingStore
    presence: PresenceStore
    tickets: Tickets
    launch_times: LaunchTimes
    link_keys: LinkKeys
    doors: Doors
    addresses: MeetingAddresses
    clock: Clock
    people: People
    policy: MeetingPolicy = field(default_factory=MeetingPolicy)
    rights: MeetingRights = field(default_factory=MeetingRights)
    limit: Callable[[], RoomLimit | None] = lambda: None
    claims_of: ClaimsOf = own_hour


class MeetingCore:
    """What people do with meetings."""

    def __init__(self, parts: CoreParts) -> None:
        p, clock, policy = parts, parts.clock, parts.policy
        self.reading = Reading(p.store, p.presence, clock, policy)
        self.scheduling = Scheduling(
            p.store, p.addresses, p.rights, clock, policy, p.limit, p.claims_of
        )
        self.links = Links(p.store, p.link_keys, p.rights, p.people)
        self.ticketing = Ticketing(p.store, p.tickets, clock, policy)
        self.joining = Joining(
            p.store, self.links, self.ticketing, p.doors, p.launch_times, clock, policy
        )


@dataclass(frozen=True)
class BackgroundParts:
    """What goes on beside requests needs."""

    store: MeetingStore
    presence: PresenceStore
    launch_times: LaunchTimes
    marks: ReapMarks
    reaped: ReapLog
    desktops: Desktops
    routes: Routes
    jobs: Jobs
    clock: Clock
    policy: MeetingPolicy = field(default_factory=MeetingPolicy)


class MeetingBackground:
    """What goes on beside requests: launching, checking, ending. The host puts the first sweep."""

    def __init__(self, parts: BackgroundParts) -> None:
        p, clock, policy = parts, parts.clock, parts.policy
        self.reconciler = Reconciler(
            p.store, p.presence, Asking(p.desktops, p.routes), clock, policy
        )
        self.reaper = Reaper(p.store, p.desktops, p.marks, p.reaped, clock, policy)
        self.watching = Watching(p.store, p.desktops, self.reconciler, self.reaper, p.jobs, clock)
        self._reactions = MeetingReactions(p.store, p.jobs, p.launch_times, clock, policy)

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        return self._reactions.all()

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of jobs by function, for the host to register."""
        return self.watching.handlers()
