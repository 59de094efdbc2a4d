"""Whatever is killed, and whenever: nothing is left of it, and it is known to be gone."""

import asyncio
import contextlib
import os
import signal

import pytest

from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.meetings.desktops.model import MachineState
from quadrangle.meetings.model import Workspace
from tests.machine.desktops.launcher import launcher
from tests.machine.desktops.processes import (
    all_processes,
    command_of,
    init_of,
    inside,
    left_of,
    named,
    outer_of,
    shim_of,
)
from tests.machine.desktops.test_desktops import order_for
from tests.machine.desktops.waiting import answers_soon, gone, silent_soon, soon_named

KILLED = {
    "the shim": shim_of,
    "the outer bwrap": outer_of,
    "the first process of the sandbox": init_of,
    "Xvnc": lambda folder: named(folder, "Xvnc"),
    "the session's script": lambda folder: named(folder, "/bin/sh"),
}


@pytest.mark.parametrize("what", KILLED)
async def test_with_one_part_killed_the_desktop_is_gone_whole(
    desktops: SandboxDesktops, settings, launch, what: str
):
    machine = await launch(Workspace.DESKTOP)
    folder = settings.folder / machine.machine_id
    processes = inside(init_of(folder))
    assert len(processes) > 3
    os.kill(KILLED[what](folder), signal.SIGKILL)
    assert await gone(desktops, machine.token)
    assert await silent_soon(desktops, machine)
    assert await desktops.list_ours() == []
    # The kernel is at it; who must know that nothing is left, such as a reaper, ends it too.
    await desktops.terminate(machine.machine_id)
    assert left_of(settings.folder) == []
    assert not set(processes) & set(all_processes())


async def test_a_session_that_ends_is_begun_anew(desktops: SandboxDesktops, settings, launch):
    """As when somebody logs out: the desktop stays, and so do its connections."""
    machine = await launch(Workspace.DESKTOP)
    folder = settings.folder / machine.machine_id
    first = await soon_named(folder, "xfce4-session")
    os.kill(first, signal.SIGKILL)
    for _ in range(200):
        if await soon_named(folder, "xfce4-session") != first:
            break
        await asyncio.sleep(0.05)
    await soon_named(folder, "xfce4-panel")
    commands = [command_of(each)[0] for each in inside(init_of(folder))]
    assert commands.count("xfce4-panel") == 1
    assert await desktops.answers(machine)


async def test_a_desktop_that_hangs_does_not_answer(desktops: SandboxDesktops, settings, launch):
    """Its socket still takes connections, and its processes are all there."""
    machine = await launch(Workspace.DESKTOP)
    xvnc = named(settings.folder / machine.machine_id, "Xvnc")
    os.kill(xvnc, signal.SIGSTOP)
    assert not await desktops.answers(machine)
    assert (await desktops.list_ours())[0].state is MachineState.RUNNING
    os.kill(xvnc, signal.SIGCONT)
    assert await desktops.answers(machine)
    os.kill(xvnc, signal.SIGSTOP)
    await desktops.terminate(machine.machine_id)
    assert await gone(desktops, machine.token)


async def test_a_shim_that_hangs_is_ended_all_the_same(desktops: SandboxDesktops, settings, launch):
    machine = await launch()
    os.kill(shim_of(settings.folder / machine.machine_id), signal.SIGSTOP)
    await desktops.terminate(machine.machine_id)
    assert await gone(desktops, machine.token)
    assert left_of(settings.folder) == []


@pytest.mark.parametrize("after_s", [0, 0.02, 0.05, 0.1, 0.2])
async def test_a_launcher_that_is_killed_leaves_one_machine_or_none(
    desktops: SandboxDesktops, settings, after_s: float
):
    order = order_for("a token")
    launching = await launcher(settings, order)
    await asyncio.sleep(after_s)
    with contextlib.suppress(ProcessLookupError):
        launching.kill()
    await launching.communicate()
    machine_id = await desktops.launch(order)
    assert [each.machine_id for each in await desktops.list_ours()] == [machine_id]
    machine = (await desktops.list_ours())[0]
    assert await answers_soon(desktops, machine)
