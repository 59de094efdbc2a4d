"""A rendition made one file, for those who download it."""

from pathlib import Path

from quadrangle.machine.videos.jail import Bounds, jailed
from quadrangle.machine.videos.program import running
from quadrangle.machine.videos.settings import MIB, TranscoderSettings
from quadrangle.machine.videos.threads import in_thread
from quadrangle.videos.processing.playlist_rules import read_playlist
from quadrangle.videos.processing.ports import FILM_FILE, Rendered
from quadrangle.videos.processing.still_rules import film_command

_MOST_FILE = 64 * 1024  # MiB


async def join(folder: Path, rendered: Rendered, settings: TranscoderSettings) -> str:
    """Return the name of the file, "" where there is no picture or it cannot be made."""
    if not rendered.rungs:
        return ""
    feed = await in_thread(lambda: _files(folder, rendered.rungs[0].playlist))
    bounds = Bounds(
        memory=settings.probe_memory * MIB,
        file=_MOST_FILE * MIB,
        work_s=round(settings.probe_s + rendered.duration),
        clock_s=round(settings.probe_s + rendered.duration),
        nice=settings.nice,
    )
    command = jailed(film_command(FILM_FILE, rendered.audio_file), bounds, folder=folder)
    async with running(command, feed=feed) as program:
        await program.text()
        code = await program.ended()
    made = folder / FILM_FILE
    whole = await in_thread(lambda: code == 0 and made.is_file() and not made.is_symlink())
    if not whole:
        await in_thread(lambda: made.unlink(missing_ok=True))
    return FILM_FILE if whole else ""


def _files(folder: Path, playlist: str) -> list[Path]:
    """Return the files of a rendition, which make one file together."""
    path = folder / playlist
    found = read_playlist(path.read_text())
    return [path.parent / found.init, *(path.parent / each.name for each in found.segments)]
