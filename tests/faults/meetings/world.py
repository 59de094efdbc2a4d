"""The meeting service, whole, on a ground and a cloud."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings import window_rules
from quadrangle.meetings.core import (
    BackgroundParts,
    CoreParts,
    MeetingBackground,
    MeetingCore,
)
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.joining.joining import Joined, WarmingUp
from quadrangle.meetings.model import Desktop, Meeting, MeetingRole
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy, MeetingRights
from quadrangle.meetings.ports import Opening
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.meetings.scheduling.scheduling import Caller
from quadrangle.portable.tokens.meeting_keys import HmacLinkKeys
from tests.faults.meetings.cloud import Cloud
from tests.faults.meetings.ground import Ground, Stumbling, StumblingJobs

TEACHER = Principal("Ms Byron", Role.TEACHER, "account-teacher")
CALLER = Caller(TEACHER)
PAGE = "https://campus.example/meeting"
ADDRESSES = MeetingAddresses("https://campus.example")
# Short clocks, so that a test sees the end of each.
POLICY = MeetingPolicy(
    grace=timedelta(minutes=12),
    boot_clock=timedelta(seconds=60),
    health_clock=timedelta(seconds=60),
    drain_clock=timedelta(seconds=30),
    room_pause=timedelta(seconds=5),
    attempts=4,
    max_extension_minutes=30,
)


class People:
    """Accounts that are open, unless they are `closed`. Of meetings.ports.People what is asked."""

    def __init__(self) -> None:
        self.closed: set[str] = set()

    async def email_of(self, account_id: str) -> str | None:
        return None if account_id in self.closed else f"{account_id}@campus.example"


class Doors:
    """Implements meetings.ports.Doors."""

    def opening(self, meeting: Meeting, desktop: Desktop, ticket: str) -> Opening:
        return Opening(f"{desktop.link}/?authToken={ticket}#session", f"wss://x/{ticket}")


class World:
    """Every verb of the service, with short ways to use it."""

    def __init__(
        self,
        ground: Ground,
        cloud: Cloud,
        clock: ManualClock,
        policy: MeetingPolicy = POLICY,
        rights: MeetingRights | None = None,
    ) -> None:
        self.ground, self.cloud, self.clock, self.policy = ground, cloud, clock, policy
        store: Any = Stumbling(ground.store, cloud.step)
        jobs: Any = StumblingJobs(ground.jobs, cloud.step)
        self.store = ground.store
        self.keys = HmacLinkKeys(b"k" * 32)
        self.people: Any = People()
        service = MeetingCore(
            CoreParts(
                store=store,
                presence=ground.presence,
                tickets=ground.tickets,
                launch_times=ground.launch_times,
                link_keys=self.keys,
                doors=Doors(),
                addresses=ADDRESSES,
                clock=clock,
                people=self.people,
                policy=policy,
                rights=rights or MeetingRights(),
            )
        )
        self.reading, self.scheduling = service.reading, service.scheduling
        self.links, self.ticketing, self.joining = service.links, service.ticketing, service.joining
        background = MeetingBackground(
            BackgroundParts(
                store=store,
                presence=ground.presence,
                launch_times=ground.launch_times,
                marks=ground.marks,
                reaped=ground.reaped,
                desktops=cloud,
                routes=cloud,
                jobs=jobs,
                clock=clock,
                policy=policy,
            )
        )
        self.watching, self.reaper = background.watching, background.reaper
        self.reactions = background.reactions()
        self.handlers = background.handlers()
        ground.register(self.reactions, self.handlers)

    async def schedule(self, in_minutes: float = 60, **fields) -> Meeting:
        meet_time = to_text(self.clock.now() + timedelta(minutes=in_minutes))
        new = NewMeeting("Ms Byron", "Ada", meet_time, PAGE, **fields)
        return await self.scheduling.schedule(new, TEACHER)

    async def get(self, meeting: Meeting) -> Meeting:
        found = await self.store.get(meeting.meeting_id)
        assert found is not None
        return found

    async def join(self, meeting: Meeting, role: MeetingRole) -> Joined | WarmingUp:
        now = await self.get(meeting)
        key = self.keys.key(now.meeting_id, role, now.link_generation)
        return await self.joining.join(now.meeting_id, role, key)

    async def pass_time(self, total: timedelta, each: timedelta = timedelta(seconds=10)) -> None:
        """Let time go by, doing what is due as it comes, and sweeping each minute."""
        until = self.clock.now() + total
        swept = self.clock.now()
        while self.clock.now() < until:
            self.clock.advance(min(each, until - self.clock.now()))
            if self.clock.now() - swept >= timedelta(minutes=1):
                swept = self.clock.now()
                await self.watching.sweep_once()
            await self.ground.work()

    async def until(self, meeting: Meeting, *, minutes: float) -> None:
        """Let time go by until so many minutes after a meeting's beginning."""
        at = window_rules.begins_at(await self.get(meeting)) + timedelta(minutes=minutes)
        await self.pass_time(at - self.clock.now())

    async def replay(self, changes: Sequence[Change]) -> None:
        """Have every reaction called for changes, once more."""
        for change in changes:
            for reaction in self.reactions:
                if reaction.answers_to(change):
                    await reaction.handle(change)

    async def machine(self, machine_id: str) -> Machine:
        return (await self.cloud.look_up([machine_id]))[machine_id]

    async def desktop(self, meeting: Meeting, role: MeetingRole) -> Desktop:
        desktop = (await self.get(meeting)).desktop(role)
        assert desktop is not None
        return desktop
