"""A whole meeting by the function that launches desktops, over EC2, Cloudflare and DynamoDB: from
being scheduled to its names being gone, whatever becomes of the events of EC2."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta

import msgspec
import pytest

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.desktops.cloudflare import CloudflareRoutes
from quadrangle.aws.desktops.provider import Ec2Desktops
from quadrangle.aws.desktops.settings import Ec2Settings
from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.meetings import stores
from quadrangle.hosts.lambdas.meetings.desktops import MeetingDesktops
from quadrangle.hosts.lambdas.meetings.parts import MeetingFacades
from quadrangle.hosts.lambdas.meetings.reconciliation import MACHINE, Reconciliation
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Gone
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import Job, NewJob
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.desktops.ports import Capacity
from quadrangle.meetings.joining.joining import WarmingUp
from quadrangle.meetings.model import Meeting, MeetingRole, Status
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.meetings.scheduling.scheduling import Caller
from quadrangle.meetings.settling.watching import SETTLE, SWEEP
from tests.cloudflare_api import DOMAIN, ZONE, CloudflareApi, cloudflare_running
from tests.contracts.meetings.meeting_post import Directory
from tests.standin.server import StandIn
from tests.standin.tables import make_tables

SITE = "https://campus.example"
ADA = Principal("Ada Lovelace", Role.TEACHER, new_id())
STRANGERS = "i-0123456789abcdef0"


class Schedules:
    """Implements kernel.jobs.Jobs: what a later look was asked for."""

    def __init__(self) -> None:
        self.waiting: dict[str, NewJob] = {}

    async def put(self, *jobs: NewJob) -> None:
        self.waiting.update({str(job.name): job for job in jobs})

    async def cancel(self, name: str) -> bool:
        return self.waiting.pop(name, None) is not None


class Pages:
    """The pages of desktops, which answer or not. Stands in for the probe."""

    def __init__(self) -> None:
        self.are_up = True

    async def answers(self, machine: Machine) -> bool:
        return self.are_up and machine.address is not None


class World:
    """The parts of the functions, and what runs them."""

    def __init__(
        self, parts: FunctionParts, desktops: Ec2Desktops, cloudflare: CloudflareApi, events: str
    ) -> None:
        self.parts, self.desktops, self.cloudflare = parts, desktops, cloudflare
        self.events = events
        self.schedules, self.pages = Schedules(), Pages()
        desktops._probe = self.pages  # pyright: ignore[reportAttributeAccessIssue]
        routes = CloudflareRoutes(lambda: cloudflare.token, ZONE, DOMAIN, cloudflare.url)
        made = MeetingDesktops(desktops, routes, lambda: Capacity(8, "Enough."), lambda: 12)
        self._handlers = Reconciliation(parts, self.schedules, made).handlers()
        self.service = MeetingFacades(parts, Directory(ADA)).meetings
        self.store = stores.meeting_store(parts)

    async def run(self, function: str, **payload: str) -> None:
        job = Job(new_id(), function, payload, 1, self.parts.clock.now())
        await self._handlers[function](job)

    async def machine_ids(self, meeting_id: str) -> list[str]:
        meeting = await self.meeting(meeting_id)
        return [each.machine_id for each in meeting.desktops if each.machine_id]

    async def meeting(self, meeting_id: str) -> Meeting:
        found = await self.store.get(meeting_id)
        assert found is not None
        return found

    async def wake(self, meeting_id: str) -> None:
        """Have the function woken, by what is left of the events."""
        machines = await self.machine_ids(meeting_id)
        if self.events in ("told", "doubled"):
            for machine_id in machines * (2 if self.events == "doubled" else 1):
                await self.run(MACHINE, machine_id=machine_id)
        if self.events in ("doubled", "strangers"):
            await self.run(MACHINE, machine_id=STRANGERS)
        await self.run(SWEEP)
        if self.events == "late":
            for machine_id in reversed(machines):
                await self.run(MACHINE, machine_id=machine_id)

    async def until(self, meeting_id: str, holds: Callable[[Meeting], object]) -> list[Status]:
        """Wake until it holds; return the statuses that were seen."""
        seen: list[Status] = []
        for _ in range(60):
            await self.wake(meeting_id)
            meeting = await self.meeting(meeting_id)
            if meeting.status not in seen:
                seen.append(meeting.status)
            if holds(meeting):
                return seen
            await asyncio.sleep(0.1)
            self.parts.clock.advance(timedelta(seconds=5))  # pyright: ignore
        raise AssertionError(f"it never came to hold; seen: {seen}")

    def names(self) -> set[str]:
        return {record["name"] for record in self.cloudflare.records}


@pytest.fixture
def cloudflare() -> Iterator[CloudflareApi]:
    with cloudflare_running() as api:
        yield api


@pytest.fixture
async def world(
    request: pytest.FixtureRequest,
    standin: StandIn,
    clock: ManualClock,
    desktops: Ec2Desktops,
    settings: Ec2Settings,
    cloudflare: CloudflareApi,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    monkeypatch.setattr(stores, "meeting_secret", lambda _: b"k" * 32)
    prefix = make_tables(standin.client("dynamodb"), "Meetings", "Changes")
    told = {
        "ec2": {**msgspec.to_builtins(settings), "report_to": ""},
        "domain": DOMAIN,
        "zone_id": ZONE,
        "cloudflare_secret": "none",
        "bucket": "none",
    }
    parts = FunctionParts(Environment(prefix=prefix, public_url=SITE, desktops=told))
    monkeypatch.setattr(parts, "clock", clock)
    parts.__dict__["dynamo"] = Dynamo(standin.client("dynamodb"))
    return World(parts, desktops, cloudflare, getattr(request, "param", "told"))


async def scheduled(world: World, minutes: float = 5) -> Meeting:
    at = to_text(world.parts.clock.now() + timedelta(minutes=minutes))
    new = NewMeeting("Ada Lovelace", "Bo", at, f"{SITE}/meeting")
    return await world.service.scheduling.schedule(new, ADA)


@pytest.mark.parametrize("world", ["told", "lost", "doubled", "late", "strangers"], indirect=True)
async def test_a_meeting_from_beginning_to_end(world: World, desktops: Ec2Desktops):
    meeting = await scheduled(world)
    meeting_id = meeting.meeting_id
    key = world.service.links.of(meeting).teacher_link.partition("key=")[2]
    assert isinstance(await world.service.joining.join(meeting_id, "teacher", key), WarmingUp)

    world.pages.are_up = False
    seen = await world.until(meeting_id, lambda m: m.status is Status.DNS_WRITTEN)
    assert seen[-2:] in ([Status.LAUNCHED, Status.DNS_WRITTEN], [Status.DNS_WRITTEN])
    machines = await world.machine_ids(meeting_id)
    assert len(machines) == 2
    assert world.names() == {f"{each}.{DOMAIN}" for each in machines}
    look = world.schedules.waiting[f"settle-{meeting_id}"]
    assert look.function == SETTLE
    assert look.run_at is not None

    world.pages.are_up = True
    await world.until(meeting_id, lambda m: m.status is Status.HEALTHY)
    opened = await world.service.joining.join(meeting_id, "teacher", key)
    assert not isinstance(opened, WarmingUp)
    teachers = (await world.meeting(meeting_id)).desktop(MeetingRole.TEACHER)
    assert teachers is not None
    assert opened.url.startswith(f"https://{teachers.machine_id}.{DOMAIN}:8443/?authToken=")
    assert opened.status is Status.IN_PROGRESS

    await world.service.scheduling.end(meeting_id, Caller(ADA))
    await world.until(meeting_id, lambda m: all(each.is_settled for each in m.desktops))
    assert world.names() == set()
    assert await desktops.list_ours() == []
    with pytest.raises(Gone):
        await world.service.joining.join(meeting_id, "teacher", key)

    after = await world.meeting(meeting_id)
    await world.wake(meeting_id)  # what comes once more changes nothing
    for machine_id in machines:
        await world.run(MACHINE, machine_id=machine_id)
    assert await world.meeting(meeting_id) == after
    assert after.status is Status.ENDED


async def test_a_desktop_that_is_lost_gets_a_follower_with_another_name(world: World):
    meeting_id = (await scheduled(world)).meeting_id
    await world.until(meeting_id, lambda m: m.status is Status.HEALTHY)
    lost, kept = await world.machine_ids(meeting_id)
    await world.desktops.terminate(lost)
    await world.until(
        meeting_id,
        lambda m: m.status is Status.HEALTHY and lost not in {d.machine_id for d in m.desktops},
    )
    machines = await world.machine_ids(meeting_id)
    assert kept in machines
    assert world.names() == {f"{each}.{DOMAIN}" for each in machines}


async def test_cancelled_while_they_start_nothing_is_left(world: World, desktops: Ec2Desktops):
    meeting_id = (await scheduled(world)).meeting_id
    await world.run(SWEEP)
    await world.service.scheduling.cancel(meeting_id, Caller(ADA))
    await world.until(meeting_id, lambda m: all(each.is_settled for each in m.desktops))
    assert await desktops.list_ours() == []
    assert world.names() == set()


async def test_a_machine_that_is_nobodys_is_ended_on_the_second_sweep(
    world: World, desktops: Ec2Desktops
):
    meeting = await scheduled(world)
    await world.run(SWEEP)
    assert len(await world.machine_ids(meeting.meeting_id)) == 2
    forgotten = msgspec.structs.replace(
        await world.meeting(meeting.meeting_id), desktops=(), status=Status.CANCELLED,
        ended_at=to_text(world.parts.clock.now()), look_at=None,
    )  # fmt: skip
    version = (await world.meeting(meeting.meeting_id)).version
    await world.store.save(msgspec.structs.replace(forgotten, version=version + 1), [])
    for _ in range(40):
        await world.run(SWEEP)
        if not await desktops.list_ours():
            break
        await asyncio.sleep(0.1)
        world.parts.clock.advance(timedelta(seconds=40))  # pyright: ignore
    assert await desktops.list_ours() == []


async def test_what_stands_about_desktops_is_told_to_those_who_may_not_ask(world: World):
    assert world.service.capacity.desktops == 0
    await world.run(SWEEP)
    fresh = MeetingFacades(world.parts, Directory(ADA)).meetings
    assert (fresh.capacity.desktops, fresh.policy.lead) == (8, timedelta(minutes=12))
    limit = fresh.limit()
    assert limit is not None
    assert limit.meetings == 4
