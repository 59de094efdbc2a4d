"""Run by somebody who is not root: tries what the tests ask for, and prints what it saw."""

import asyncio
import io
import json
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

from quadrangle.kernel.clock import SystemClock
from quadrangle.machine.desktops.homes import SandboxFiles
from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.machine.desktops.shim.notes import ENDED, read_note
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.model import MeetingRole, Workspace
from tests.machine.desktops.launches import new_order, provider
from tests.machine.desktops.processes import init_of, inside, left_of
from tests.machine.desktops.terminal_client import TerminalClient
from tests.machine.desktops.waiting import answers_soon, gone

_HOG = "b = b'x' * (1 << 30); print('to' 'ok')"
_FORKS = "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass"


async def main() -> None:
    settings = DesktopSettings(data=Path(sys.argv[1]), home=64, memory=192, processes=60)
    desktops, files = provider(settings), SandboxFiles(settings)
    seen: dict = {}
    for workspace in Workspace:
        machine = await launched(desktops, workspace, workspace)
        answers = await desktops.answers(machine)
        if workspace is Workspace.TERMINAL:
            seen |= await try_terminal(files, machine, settings)
        await desktops.terminate(machine.machine_id)
        seen[workspace] = {"answers": answers, "left": left_of(settings.folder)}
    seen["filled"] = await filled(desktops, settings)
    for machine in await files.list_kept():
        await files.forget(machine.machine_id)
    seen["forgotten"] = [each.machine_id for each in await files.list_kept()]
    print(json.dumps(seen))


async def launched(desktops: SandboxDesktops, workspace: Workspace, token: str) -> Machine:
    ends_at = SystemClock().now() + timedelta(minutes=5)
    await desktops.launch(new_order(workspace, MeetingRole.STUDENT, token, ends_at))
    machine = await desktops.find(token)
    assert machine is not None
    await answers_soon(desktops, machine)
    return machine


async def try_terminal(files: SandboxFiles, machine: Machine, settings: DesktopSettings) -> dict:
    terminal = TerminalClient(machine.address or "")
    await files.put_file(machine.machine_id, "a.txt", b"two and two")
    said = terminal.run("cat ~/Files/a.txt; cd ~/Take*; echo it > kept; cd")
    content = b"".join([chunk async for chunk in files.take_home(machine.machine_id)])
    hog = terminal.run(f'python3 -c "{_HOG}"')
    terminal.type(f"python3 -c '{_FORKS}'\n")
    most = 0
    for _ in range(100):
        most = max(most, len(inside(init_of(settings.folder / machine.machine_id))))
        await asyncio.sleep(0.02)
    return {
        "read": "two and two" if "two and two" in said else said,
        "taken": zipfile.ZipFile(io.BytesIO(content)).namelist(),
        "took memory": "took" in hog,
        "processes": most,
    }


async def filled(desktops: SandboxDesktops, settings: DesktopSettings) -> str:
    machine = await launched(desktops, Workspace.TERMINAL, "filler")
    terminal = TerminalClient(machine.address or "")
    terminal.type("for i in 1 2 3 4; do head -c 30M /dev/zero > f$i; done\n")
    folder = settings.folder / machine.machine_id
    await gone(desktops, machine.token)
    return (read_note(str(folder), ENDED) or {}).get("reason", "It was not ended.")


asyncio.run(main())
