"""Waits for what comes about by itself."""

import asyncio
from pathlib import Path

from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.meetings.desktops.model import Machine, MachineState
from tests.machine.desktops.processes import named


async def answers_soon(desktops: SandboxDesktops, machine: Machine) -> bool:
    """Tell whether it answers; looked at for some seconds."""
    for _ in range(100):
        if await desktops.answers(machine):
            return True
        await asyncio.sleep(0.05)
    return False


async def silent_soon(desktops: SandboxDesktops, machine: Machine) -> bool:
    """Tell whether it does not answer any more; looked at for some seconds."""
    for _ in range(100):
        if not await desktops.answers(machine):
            return True
        await asyncio.sleep(0.05)
    return False


async def gone(desktops: SandboxDesktops, token: str) -> bool:
    """Tell whether it is known to be gone; looked at for some seconds."""
    for _ in range(200):
        machine = await desktops.find(token)
        if machine is not None and machine.state is MachineState.GONE:
            return True
        await asyncio.sleep(0.05)
    return False


async def soon_named(folder: Path, name: str) -> int:
    """Return the process of a sandbox that runs the program `name`, once there is one."""
    for _ in range(200):
        try:
            return named(folder, name)
        except AssertionError:
            await asyncio.sleep(0.05)
    return named(folder, name)
