"""What the ports Desktops and Routes promise, kept by sandboxes of one machine and by EC2."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from quadrangle.aws.desktops.cloudflare import CloudflareRoutes
from quadrangle.aws.desktops.provider import Ec2Desktops
from quadrangle.machine.desktops.routes import PathRoutes
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.meetings.desktops.model import Machine, MachineState
from quadrangle.meetings.desktops.ports import TokenMismatch, TokenSpent
from quadrangle.meetings.model import MeetingRole, Workspace
from tests.aws.desktops.conftest import provider as ec2_provider
from tests.aws.desktops.conftest import settings as ec2_settings
from tests.cloudflare_api import DOMAIN, ZONE, cloudflare_running
from tests.contracts.meetings.makers import Guide, Maker, is_running, soon
from tests.machine.desktops import launches
from tests.machine.desktops.conftest import programs
from tests.machine.desktops.test_routes import made

__all__ = ["ec2_provider", "ec2_settings", "programs"]


@pytest.fixture
def settings(ec2_settings):
    return ec2_settings


@pytest.fixture(params=["sandboxes", "ec2"])
async def maker(request: pytest.FixtureRequest) -> AsyncIterator[Maker]:
    if request.param == "ec2":
        make: Callable[[], Ec2Desktops] = request.getfixturevalue("ec2_provider")
        yield Maker(make(), make())
        return
    request.getfixturevalue("programs")
    folder = Path(tempfile.mkdtemp(prefix="q-"))
    sandboxes = DesktopSettings(data=folder, home=64)
    first, second = (launches.provider(sandboxes) for _ in range(2))
    yield Maker(first, second)
    for machine in await first.list_ours():
        await first.terminate(machine.machine_id)
    shutil.rmtree(folder)


async def test_a_machine_is_what_its_order_said_from_launch_to_end(maker: Maker):
    order = await maker.order(role=MeetingRole.TEACHER, generation=2)
    assert await maker.desktops.find(order.token) is None
    machine_id = await maker.desktops.launch(order)
    for desktops in (maker.desktops, maker.other):
        machine = await soon(lambda of=desktops: of.find(order.token), is_running)
        assert machine is not None
        assert (machine.machine_id, machine.token) == (machine_id, order.token)
        assert (machine.meeting_id, machine.role) == (order.meeting_id, MeetingRole.TEACHER)
        assert machine.generation == 2
        assert machine.address
        assert await desktops.look_up([machine_id, "unknown"]) == {machine_id: machine}
        assert await desktops.list_ours() == [machine]
    for _ in range(2):
        await maker.other.terminate(machine_id)
        gone = (await maker.desktops.look_up([machine_id]))[machine_id]
        assert gone.state is MachineState.GONE
        assert not await maker.desktops.answers(msgspec.structs.replace(gone, address=None))
    assert await maker.desktops.list_ours() == []


async def test_a_token_makes_one_machine_whoever_repeats_it(maker: Maker):
    order = await maker.order()
    first = await maker.desktops.launch(order)
    assert await maker.desktops.launch(order) == first
    assert await maker.other.launch(order) == first
    with pytest.raises(TokenMismatch):
        await maker.other.launch(msgspec.structs.replace(order, generation=2))
    assert await maker.desktops.launch(await maker.order()) != first
    await soon(maker.desktops.list_ours, lambda ours: len(ours) == 2)


async def test_a_token_whose_machine_ended_is_spent(maker: Maker):
    order = await maker.order()
    machine_id = await maker.desktops.launch(order)
    await soon(lambda: maker.desktops.find(order.token), is_running)
    await maker.desktops.terminate(machine_id)
    for desktops in (maker.desktops, maker.other):
        with pytest.raises(TokenSpent):
            await desktops.launch(order)


async def test_what_is_not_known_is_left_alone(maker: Maker):
    await maker.desktops.terminate("i-0123456789abcdef0")
    assert await maker.desktops.look_up([]) == {}
    assert await maker.desktops.find("never used") is None
    assert await maker.desktops.placements(Workspace.DESKTOP)


@pytest.fixture(params=["paths", "cloudflare"])
async def guide(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Guide]:
    sandboxes = DesktopSettings(data=tmp_path)
    machines = [made(sandboxes, token) for token in ("one", "two")]
    if request.param == "paths":
        routes = PathRoutes(sandboxes)

        async def leads(machine: Machine) -> bool:
            return await routes.machine_at(machine.meeting_id, machine.role) == machine

        yield Guide(routes, PathRoutes(sandboxes), machines, leads)
        return
    with cloudflare_running() as api:
        first, second = (
            CloudflareRoutes(lambda: "right-token", ZONE, DOMAIN, api.url) for _ in range(2)
        )
        at = [
            msgspec.structs.replace(machine, address=f"192.0.2.{number}")
            for number, machine in enumerate(machines, 1)
        ]

        async def is_named(machine: Machine) -> bool:
            return api.contents(f"{machine.machine_id}.{DOMAIN}") == [machine.address]

        yield Guide(first, second, at, is_named)


async def test_a_name_leads_to_its_machine_until_it_is_taken_off(guide: Guide):
    first, second = guide.machines
    link = await guide.routes.point(first)
    assert await guide.other.point(first) == link
    assert await guide.leads(first)
    await guide.routes.take_off(second)
    assert await guide.leads(first)
    await guide.routes.point(second)
    await guide.other.take_off(first)
    assert not await guide.leads(first)
    assert await guide.leads(second)
    for routes in (guide.routes, guide.other):
        await routes.take_off(second)
    assert not await guide.leads(second)
