"""A machine to launch on: real sandboxes in a data folder that is gone afterwards."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from quadrangle.kernel.clock import SystemClock
from quadrangle.machine.desktops.homes import SandboxFiles
from quadrangle.machine.desktops.programs import Part, Programs
from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.machine.desktops.recording import SandboxRecordings
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.model import MeetingRole, Workspace
from tests.machine.desktops.launches import new_order, provider
from tests.machine.desktops.processes import groups_of, left_of
from tests.machine.desktops.waiting import answers_soon


@pytest.fixture(scope="session")
def programs() -> Programs:
    """What is installed; without it these tests are skipped, with the line that installs it."""
    found = Programs(DesktopSettings(data=Path("/nonexistent")))
    why = found.unavailable(Part.DESKTOP)
    if why is not None:
        pytest.skip(f"desktops: unavailable. {why}")
    return found


@pytest.fixture
def settings(programs: Programs) -> Iterator[DesktopSettings]:
    """Not pytest's own folder, whose name is too long for the paths of sockets."""
    folder = Path(tempfile.mkdtemp(prefix="q-"))
    yield DesktopSettings(data=folder, home=64)
    shutil.rmtree(folder)


@pytest.fixture
async def desktops(settings: DesktopSettings) -> AsyncIterator[SandboxDesktops]:
    """The provider. Afterwards everything is ended, and nothing may be left."""
    made = provider(settings)
    yield made
    for folder in settings.folder.glob("d-*"):
        await made.terminate(folder.name)
    assert left_of(settings.folder) == []
    assert groups_of(settings.folder) == []


@pytest.fixture
def files(settings: DesktopSettings) -> SandboxFiles:
    return SandboxFiles(settings)


@pytest.fixture
def recordings(settings: DesktopSettings) -> SandboxRecordings:
    return SandboxRecordings(settings)


@pytest.fixture
def launch(desktops: SandboxDesktops) -> Callable:
    """Launches and waits until it answers: `await launch(Workspace.TERMINAL)`."""

    async def launched(
        workspace: Workspace = Workspace.TERMINAL,
        role: MeetingRole = MeetingRole.STUDENT,
        token: str = "a token",
        by: SandboxDesktops = desktops,
    ) -> Machine:
        ends_at = SystemClock().now() + timedelta(minutes=5)
        await by.launch(new_order(workspace, role, token, ends_at))
        machine = await by.find(token)
        assert machine is not None
        assert await answers_soon(by, machine)
        return machine

    return launched
