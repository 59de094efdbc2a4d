"""A desktop as its person sees it: a panel, an editor, a terminal, and what is kept afterwards."""

import asyncio

from quadrangle.machine.desktops.homes import SandboxFiles
from quadrangle.meetings.model import Workspace
from tests.machine.desktops.rfb_client import RfbClient
from tests.machine.desktops.test_homes import unzipped

PANEL, BACKGROUND = (5, 4), (640, 700)
BLUE = (46, 74, 97)
WINDOW = (300, 300)  # where the first window comes to lie
TERMINAL = (125, 16)  # the first starter in the panel


def is_light(colour) -> bool:
    return min(colour) > 200


async def is_drawn(client: RfbClient) -> bool:
    """Tell whether panel and background are there, looked at for some seconds."""
    for _ in range(100):
        picture = client.picture()
        if is_light(picture.getpixel(PANEL)) and picture.getpixel(BACKGROUND) == BLUE:
            return True
        await asyncio.sleep(0.1)
    return False


async def test_what_is_typed_in_a_terminal_is_kept(launch, files: SandboxFiles):
    machine = await launch(Workspace.DESKTOP)
    client = RfbClient(machine.address)
    assert (client.width, client.height) == (1280, 800)
    assert await is_drawn(client)
    found = {}
    for attempt in range(60):  # until the panel listens, and then until the window is there
        if attempt % 15 == 0:
            client.click(*TERMINAL)
        client.type('echo made by hand > "$HOME/Take home/work"\n')
        found = await unzipped(files, machine.machine_id)
        if any(found.values()):
            break
        await asyncio.sleep(0.2)
    assert found == {"work": b"made by hand\n"}


async def test_two_people_see_the_same(launch):
    machine = await launch(Workspace.DESKTOP)
    student, teacher = RfbClient(machine.address), RfbClient(machine.address)
    assert await is_drawn(teacher)
    before = teacher.picture().getpixel(WINDOW)
    for attempt in range(100):
        if attempt % 30 == 0:
            student.click(*TERMINAL)
        if teacher.picture().getpixel(WINDOW) != before:
            break
        await asyncio.sleep(0.1)
    assert teacher.picture().getpixel(WINDOW) != BLUE
