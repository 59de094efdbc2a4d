"""Transcoding that is ended on the way: soon, and nothing of it stays."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from quadrangle.kernel.errors import Unavailable
from quadrangle.machine.videos.settings import TranscoderSettings
from quadrangle.machine.videos.transcoder import SandboxTranscoder
from quadrangle.videos.processing.ports import Plan, Progress, Refusal
from tests.machine.videos.conftest import Studio


async def begun(studio: Studio, folder: Path) -> asyncio.Task:
    """Return a transcoding whose ffmpeg runs."""
    path = studio.clips["plain.mp4"]
    runs = asyncio.Event()

    async def told(progress: Progress) -> None:
        runs.set()

    plan = Plan(probe=await studio.transcoder.probe(path), threads=1)
    task = asyncio.ensure_future(studio.transcoder.transcode(path, folder, plan, told))
    await asyncio.wait_for(runs.wait(), 30)
    assert programs_in(folder)
    return task


async def test_cancelling_ends_ffmpeg_before_it_returns(studio: Studio, tmp_path: Path):
    folder = tmp_path / "out"
    folder.mkdir()
    task = await begun(studio, folder)

    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert time.monotonic() - began < 2
    assert not programs_in(folder)


@pytest.mark.deep
async def test_cancelling_twice_does_not_leave_it_behind(studio: Studio, tmp_path: Path):
    folder = tmp_path / "out"
    folder.mkdir()
    task = await begun(studio, folder)

    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not programs_in(folder)


async def test_what_the_caller_raises_ends_it(studio: Studio, tmp_path: Path):
    """A deleted video is found when progress is told."""

    class Deleted(Exception):
        pass

    async def told(progress: Progress) -> None:
        raise Deleted

    path = studio.clips["plain.mp4"]
    plan = Plan(probe=await studio.transcoder.probe(path))
    with pytest.raises(Deleted):
        await studio.transcoder.transcode(path, tmp_path, plan, told)

    assert not programs_in(tmp_path)


async def test_a_film_that_takes_too_much_work_is_refused(studio: Studio, tmp_path: Path):
    settings = TranscoderSettings(work=0, work_least=1)
    with pytest.raises((Refusal, Unavailable)):
        await render(SandboxTranscoder(settings), studio, tmp_path)


@pytest.mark.deep
async def test_too_little_memory_may_go_well_another_time(studio: Studio, tmp_path: Path):
    with pytest.raises(Unavailable):
        await render(SandboxTranscoder(TranscoderSettings(memory=20)), studio, tmp_path)


async def test_a_film_that_went_away_is_no_fault_of_its_owner(studio: Studio, tmp_path: Path):
    path = studio.clips["plain.mp4"]
    plan = Plan(probe=await studio.transcoder.probe(path))
    with pytest.raises(Unavailable):
        await studio.transcoder.transcode(tmp_path / "gone", tmp_path, plan, nothing)


async def render(transcoder: SandboxTranscoder, studio: Studio, folder: Path) -> None:
    path = studio.clips["plain.mp4"]
    plan = Plan(probe=await transcoder.probe(path))
    await transcoder.transcode(path, folder, plan, nothing)


async def nothing(progress: Progress) -> None:
    pass


def programs_in(folder: Path) -> list[str]:
    """Return the processes of the jail that write into `folder`."""
    about = folder.stat()
    found = []
    for process in os.listdir("/proc"):
        try:
            inside = os.stat(f"/proc/{process}/root/out")
        except OSError:
            continue
        if (inside.st_dev, inside.st_ino) == (about.st_dev, about.st_ino):
            found.append(process)
    return found
