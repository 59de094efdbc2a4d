"""The one pass: started, followed, and looked at when it is done."""

import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from quadrangle.machine.videos.failures import raise_transcode_failure
from quadrangle.machine.videos.jail import Bounds, jailed
from quadrangle.machine.videos.program import running
from quadrangle.machine.videos.published import Growing, publish_growing
from quadrangle.machine.videos.settings import MIB, TranscoderSettings
from quadrangle.machine.videos.threads import in_thread
from quadrangle.videos.processing.command_rules import transcode
from quadrangle.videos.processing.making_model import Making
from quadrangle.videos.processing.ports import OnProgress, Progress

_MICRO = 1_000_000


async def render(
    path: Path, folder: Path, making: Making, settings: TranscoderSettings, told: OnProgress
) -> None:
    """Write all renditions of a film into `folder`, and a master as soon as all have begun.

    Raises Refusal, Unavailable, and whatever `told` raises.
    """
    await in_thread(lambda: _make_folders(folder, making))
    command = jailed(
        transcode(making, settings.caps.pixels),
        _bounds(making, settings),
        source=path,
        folder=folder,
    )
    growing = Growing(folder, making)
    async with running(command) as program:
        done = 0.0
        async for line in program.lines():
            name, _, value = line.decode(errors="replace").partition("=")
            if name == "out_time_us":
                done = max(done, _seconds(value))
            elif name == "progress":
                await _tell(growing, done, told)
        code = await program.ended()
        if code != 0:
            raise_transcode_failure(code, program.said)


async def _tell(growing: Growing, done: float, told: Callable[[Progress], Awaitable[None]]) -> None:
    if not growing.playable:
        await in_thread(lambda: publish_growing(growing))
    total = growing.making.duration
    await told(Progress(min(done, total), total, growing.playable))


def _make_folders(folder: Path, making: Making) -> None:
    for playlist in making.playlists:
        (folder / playlist).parent.mkdir(mode=0o700, exist_ok=True)


def _bounds(making: Making, settings: TranscoderSettings) -> Bounds:
    seconds = round(settings.work_least + making.film.duration * settings.work)
    return Bounds(
        memory=settings.memory * MIB,
        file=settings.file * MIB,
        work_s=seconds,
        clock_s=seconds,
        nice=settings.nice,
    )


def _seconds(value: str) -> float:
    with contextlib.suppress(ValueError):
        return int(value) / _MICRO
    return 0.0
