"""What the port Desktops promises, kept by real sandboxes."""

import asyncio
import os
import stat
from datetime import timedelta

import msgspec
import pytest

from quadrangle.kernel.clock import SystemClock, from_text, to_text
from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.meetings.desktops.model import MachineState, Placement
from quadrangle.meetings.desktops.ports import LaunchRefused, NoRoom, TokenMismatch, TokenSpent
from quadrangle.meetings.model import MeetingRole, Workspace
from tests.machine.desktops.launcher import launcher
from tests.machine.desktops.launches import new_order, provider
from tests.machine.desktops.processes import all_processes, command_of


def order_for(token: str, workspace: Workspace = Workspace.TERMINAL, seconds: float = 300):
    ends_at = SystemClock().now() + timedelta(seconds=seconds)
    return new_order(workspace, MeetingRole.STUDENT, token, ends_at)


@pytest.mark.parametrize("workspace", Workspace)
async def test_what_is_launched_runs_answers_and_ends(
    desktops: SandboxDesktops, launch, workspace: Workspace
):
    assert await desktops.unavailable(workspace) is None
    assert list(await desktops.placements(workspace)) == [Placement()]
    machine = await launch(workspace, MeetingRole.TEACHER)
    assert machine.state is MachineState.RUNNING
    assert (machine.role, machine.generation) == (MeetingRole.TEACHER, 1)
    assert machine.address is not None
    assert stat.S_IMODE(os.stat(machine.address).st_mode) == 0o600
    assert await desktops.list_ours() == [machine]
    assert await desktops.look_up([machine.machine_id, "unknown"]) == {machine.machine_id: machine}

    await desktops.terminate(machine.machine_id)
    gone = await desktops.find(machine.token)
    assert gone is not None
    assert gone.state is MachineState.GONE
    assert not await desktops.answers(machine)
    assert not await desktops.answers(gone)
    assert await desktops.list_ours() == []
    assert await desktops.look_up([machine.machine_id]) == {machine.machine_id: gone}


async def test_a_token_makes_one_machine_and_no_second(desktops: SandboxDesktops):
    order = order_for("a token")
    assert await desktops.find("a token") is None
    first = await desktops.launch(order)
    assert await desktops.launch(order) == first
    with pytest.raises(TokenMismatch):
        await desktops.launch(msgspec.structs.replace(order, generation=2))
    assert len(await desktops.list_ours()) == 1

    await desktops.terminate(first)
    with pytest.raises(TokenSpent):
        await desktops.launch(order)
    with pytest.raises(TokenMismatch):
        await desktops.launch(msgspec.structs.replace(order, generation=2))
    assert await desktops.launch(order_for("another")) != first


async def test_a_token_that_two_processes_launch_at_once_makes_one(
    desktops: SandboxDesktops, settings: DesktopSettings
):
    order = order_for("a token")
    running = [await launcher(settings, order) for _ in range(3)]
    here = await asyncio.gather(*(desktops.launch(order) for _ in range(3)))
    there = [(await each.communicate())[0].decode().strip() for each in running]
    assert len({*here, *there}) == 1
    plan = str(settings.folder / here[0] / "plan.json")
    # The starter leaves its command line to the shim, and is gone.
    assert sum(plan in command_of(each) for each in all_processes()) == 1


async def test_another_process_finds_what_runs(desktops: SandboxDesktops, settings, launch):
    machine = await launch()
    later = provider(settings)
    assert await later.list_ours() == [machine]
    assert await later.find(machine.token) == machine
    assert await later.answers(machine)
    await later.terminate(machine.machine_id)
    assert await desktops.list_ours() == []


async def test_it_ends_itself_when_its_time_is_over(desktops: SandboxDesktops):
    machine_id = await desktops.launch(order_for("short", seconds=1.5))
    assert len(await desktops.list_ours()) == 1
    for _ in range(200):
        if not await desktops.list_ours():
            break
        await asyncio.sleep(0.05)
    machine = (await desktops.look_up([machine_id]))[machine_id]
    assert machine.state is MachineState.GONE


async def test_what_is_over_already_is_refused(desktops: SandboxDesktops):
    with pytest.raises(LaunchRefused, match="over"):
        await desktops.launch(order_for("late", seconds=-1))
    assert await desktops.find("late") is None


async def test_more_than_fit_are_refused_with_a_reason(settings: DesktopSettings, launch):
    few = provider(msgspec.structs.replace(settings, most=1))
    await launch()
    with pytest.raises(NoRoom, match="QUADRANGLE_DESKTOPS_MOST"):
        await few.launch(order_for("one too many"))
    assert await few.find("one too many") is None


async def test_a_home_that_the_disk_has_no_room_for_is_refused(settings: DesktopSettings):
    greedy = provider(msgspec.structs.replace(settings, home=2**30))
    with pytest.raises(NoRoom, match="disk"):
        await greedy.launch(order_for("greedy"))


async def test_ending_what_is_not_there_is_nothing(desktops: SandboxDesktops):
    await desktops.terminate("no id of ours")
    await desktops.terminate("d-00000000000000000000")
    await desktops.terminate("../../etc")


async def test_both_sides_run_beside_each_other(desktops: SandboxDesktops, launch):
    teacher = await launch(Workspace.DESKTOP, MeetingRole.TEACHER, "t")
    student = await launch(Workspace.TERMINAL, MeetingRole.STUDENT, "s")
    assert {each.machine_id for each in await desktops.list_ours()} == {
        teacher.machine_id,
        student.machine_id,
    }
    await desktops.terminate(teacher.machine_id)
    assert await desktops.answers(student)


async def test_a_start_that_was_cut_off_is_made_good(desktops: SandboxDesktops, settings):
    """Written down, and then its launcher died: the same order makes it after all."""
    order = order_for("a token")
    machine_id = await desktops.launch(order)
    await desktops.terminate(machine_id)
    folder = settings.folder / machine_id
    for name in ("begun", "running", "ended", "lock", "disk.img"):
        (folder / name).unlink(missing_ok=True)
    assert await desktops.find("a token") is None
    assert await desktops.launch(order) == machine_id
    assert len(await desktops.list_ours()) == 1


async def test_tokens_are_forgotten_a_day_after_their_time(
    desktops: SandboxDesktops, settings, files
):
    order = order_for("a token")
    machine_id = await desktops.launch(order)
    await desktops.terminate(machine_id)
    await files.forget(machine_id)
    await desktops.launch(order_for("next"))
    assert (settings.folder / machine_id).exists()
    with pytest.raises(TokenSpent):
        await desktops.launch(order)

    old = to_text(from_text(order.ends_at) - timedelta(days=2))
    state = settings.folder / machine_id / "state.json"
    state.write_text(state.read_text().replace(order.ends_at, old))
    await desktops.launch(order_for("after that"))
    assert not (settings.folder / machine_id).exists()


async def test_the_folder_is_for_its_owner_alone(desktops: SandboxDesktops, settings):
    folder = settings.folder / await desktops.launch(order_for("a token"))
    for path in (settings.folder, folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for name in ("state.json", "plan.json", "lock", "log"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
