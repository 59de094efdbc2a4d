"""Launches one order in a process of its own; arguments: the data folder and the order.

Says that it is ready, launches, and says the id.
"""

import asyncio
import sys
from pathlib import Path

import msgspec

from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.meetings.desktops.ports import LaunchOrder
from tests.machine.desktops.launches import provider


async def launcher(settings: DesktopSettings, order: LaunchOrder) -> asyncio.subprocess.Process:
    """Start a process that launches `order`, and return once it is at it."""
    module = "tests.machine.desktops.launcher"
    arguments = [str(settings.data), msgspec.json.encode(order).decode()]
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert started.stdout is not None
    assert await started.stdout.readline() == b"ready\n"
    return started


def main() -> None:
    order = msgspec.json.decode(sys.argv[2], type=LaunchOrder)
    desktops = provider(DesktopSettings(data=Path(sys.argv[1]), home=64))
    print("ready", flush=True)
    print(asyncio.run(desktops.launch(order)))


if __name__ == "__main__":
    main()
