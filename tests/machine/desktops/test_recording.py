"""Desktops are filmed from outside, into a file that can always be shown."""

import asyncio
import json
import os
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.machine.desktops.programs import Part, Programs
from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.machine.desktops.recording import SandboxRecordings
from quadrangle.machine.desktops.settings import MIB, DesktopSettings
from quadrangle.machine.desktops.shim.locks import holder
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.model import Workspace
from tests.machine.desktops.launches import provider
from tests.machine.desktops.processes import left_of
from tests.machine.desktops.rfb_client import RfbClient


@pytest.fixture(autouse=True)
def can_record(programs: Programs):
    why = programs.unavailable(Part.RECORDING)
    if why is not None:
        pytest.skip(f"recording: unavailable. {why}")


LATER = datetime.now(UTC) + timedelta(hours=1)


def video_of(settings: DesktopSettings, machine: Machine) -> Path:
    return settings.folder / machine.machine_id / "recordings" / "r-1" / "video.mp4"


async def has_frames(video: Path) -> None:
    """Wait until some fragments were kept."""
    for _ in range(400):
        if size_of(video) > 3000:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("no frames")


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


async def shown(recordings: SandboxRecordings, machine: Machine, tmp_path: Path) -> dict:
    """Return what ffprobe says of the picture in a recording, every frame counted."""
    path = tmp_path / "shown.mp4"
    with path.open("wb") as file:
        async for chunk in recordings.content(machine.machine_id, "r-1"):
            file.write(chunk)
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", path]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    return json.loads(done.stdout)["streams"][0]


async def test_a_desktop_is_filmed_until_that_is_stopped(
    settings, launch, recordings: SandboxRecordings, tmp_path
):
    machine = await launch(Workspace.DESKTOP)
    await recordings.start(machine.machine_id, "r-1", LATER)
    await recordings.start(machine.machine_id, "r-1", LATER)
    await has_frames(video_of(settings, machine))
    assert await recordings.is_running(machine.machine_id, "r-1")
    assert await SandboxRecordings(settings).is_running(machine.machine_id, "r-1")
    await recordings.stop(machine.machine_id, "r-1")
    await recordings.stop(machine.machine_id, "r-1")
    assert not await recordings.is_running(machine.machine_id, "r-1")
    stream = await shown(recordings, machine, tmp_path)
    assert (stream["codec_name"], stream["width"], stream["height"]) == ("h264", 1280, 800)
    assert int(stream["nb_read_frames"]) >= 15
    with pytest.raises(Conflict):
        await recordings.start(machine.machine_id, "r-1", LATER)
    await recordings.discard(machine.machine_id, "r-1")
    await recordings.discard(machine.machine_id, "r-1")
    with pytest.raises(NotFound):
        await recordings.is_running(machine.machine_id, "r-1")


@pytest.mark.deep
async def test_what_was_kept_when_it_was_cut_off_can_be_shown(
    settings, launch, recordings: SandboxRecordings, tmp_path
):
    machine = await launch(Workspace.DESKTOP)
    await recordings.start(machine.machine_id, "r-1", LATER)
    video = video_of(settings, machine)
    await has_frames(video)
    os.kill(shim_of_recording(video.parent), signal.SIGKILL)
    for _ in range(100):
        if not await recordings.is_running(machine.machine_id, "r-1"):
            break
        await asyncio.sleep(0.05)
    await recordings.stop(machine.machine_id, "r-1")
    assert int((await shown(recordings, machine, tmp_path))["nb_read_frames"]) > 0


def shim_of_recording(folder: Path) -> int:
    shim = holder(str(folder / "lock"))
    assert shim is not None
    return shim


@pytest.mark.deep
async def test_a_recording_ends_with_its_desktop_and_outlives_its_home(
    desktops: SandboxDesktops, settings, launch, files, recordings: SandboxRecordings, tmp_path
):
    machine = await launch(Workspace.DESKTOP)
    await recordings.start(machine.machine_id, "r-1", LATER)
    await has_frames(video_of(settings, machine))
    await desktops.terminate(machine.machine_id)
    for _ in range(100):
        if not await recordings.is_running(machine.machine_id, "r-1"):
            break
        await asyncio.sleep(0.05)
    assert not await recordings.is_running(machine.machine_id, "r-1")
    assert left_of(settings.folder) == []
    await files.forget(machine.machine_id)
    assert int((await shown(recordings, machine, tmp_path))["nb_read_frames"]) > 0


@pytest.mark.deep
async def test_a_recording_is_bounded(settings, launch, tmp_path):
    small = SandboxRecordings(msgspec.structs.replace(settings, recording=1))
    machine = await launch(Workspace.DESKTOP)
    await small.start(machine.machine_id, "r-1", LATER)
    client = RfbClient(machine.address)
    for _ in range(20):  # until the panel is there: what never looks the same fills the bound
        client.click(125, 16)
        await asyncio.sleep(0.3)
        client.type("base64 /dev/urandom\n")
        if size_of(video_of(settings, machine)) > MIB // 3:
            break
    for _ in range(400):
        if not await small.is_running(machine.machine_id, "r-1"):
            break
        await asyncio.sleep(0.1)
    assert not await small.is_running(machine.machine_id, "r-1")
    assert MIB // 2 <= size_of(video_of(settings, machine)) <= MIB


async def test_a_recording_ends_by_its_time_as_a_whole_film(
    settings, launch, recordings: SandboxRecordings, tmp_path
):
    """Even where nobody looks at it any more."""
    machine = await launch(Workspace.DESKTOP)
    soon = datetime.now(UTC) + timedelta(seconds=4) - timedelta(minutes=1)
    await recordings.start(machine.machine_id, "r-1", soon)
    for _ in range(300):
        if not await recordings.is_running(machine.machine_id, "r-1"):
            break
        await asyncio.sleep(0.1)
    assert not await recordings.is_running(machine.machine_id, "r-1")
    assert int((await shown(recordings, machine, tmp_path))["nb_read_frames"]) >= 15


async def test_the_screen_keeps_its_size_while_it_is_filmed(settings, launch):
    """Where the setting lets viewers resize it at other times."""
    free = msgspec.structs.replace(settings, resize=True)
    machine = await launch(Workspace.DESKTOP, by=provider(free))
    assert await resized(machine, 1024, 700) == (1024, 700)
    recordings = SandboxRecordings(free)
    await recordings.start(machine.machine_id, "r-1", LATER)
    await has_frames(video_of(settings, machine))
    assert await resized(machine, 800, 600) == (1024, 700)
    await recordings.stop(machine.machine_id, "r-1")
    assert await resized(machine, 800, 600) == (800, 600)


async def resized(machine: Machine, width: int, height: int) -> tuple[int, int]:
    """Ask for another size and return which one the screen has soon afterwards."""
    assert machine.address is not None
    size = (0, 0)
    for _ in range(10):
        client = RfbClient(machine.address)
        client.resize(width, height)
        await asyncio.sleep(0.1)
        client.close()
        client = RfbClient(machine.address)
        size = (client.width, client.height)
        client.close()
        if size == (width, height):
            break
    return size


async def test_what_is_not_there_cannot_be_filmed(launch, desktops, recordings: SandboxRecordings):
    with pytest.raises(NotFound):
        await recordings.start("d-00000000000000000000", "r-1", LATER)
    machine = await launch(Workspace.DESKTOP)
    with pytest.raises(NotFound):
        await recordings.stop(machine.machine_id, "r-1")
    with pytest.raises(NotFound):
        await recordings.start(machine.machine_id, "../r", LATER)
    await desktops.terminate(machine.machine_id)
    with pytest.raises(NotFound):
        await recordings.start(machine.machine_id, "r-1", LATER)
