"""Pictures of a film: the poster, and the sheets of the storyboard.

Made from the renditions, which are smaller than the source and came from our own encoder; still in
the jail.
"""

from pathlib import Path

from quadrangle.machine.videos.jail import Bounds, jailed
from quadrangle.machine.videos.program import running
from quadrangle.machine.videos.settings import MIB, TranscoderSettings
from quadrangle.machine.videos.threads import in_thread
from quadrangle.videos.processing.command_rules import limits
from quadrangle.videos.processing.ladder_rules import Rendition
from quadrangle.videos.processing.making_model import AUDIO, INDEX, Making
from quadrangle.videos.processing.playlist_rules import MediaPlaylist
from quadrangle.videos.processing.slide_rules import scores_of, slides_of
from quadrangle.videos.processing.still_rules import (
    cover_command,
    poster_command,
    sound_command,
    storyboard_command,
)
from quadrangle.videos.processing.storyboard_rules import storyboard, storyboard_text

POSTER, STORYBOARD, SHEETS, SOUND = "poster.jpg", "storyboard.vtt", "storyboard", "audio.m4a"
_POSTER_LINES = 720  # the poster is of the best rung that is no larger
_POSTER_S = 40.0  # it is chosen from the beginning


class Stills:
    """Makes the pictures of one film, and its sound as one file. Each returns a name or ""."""

    def __init__(
        self,
        folder: Path,
        making: Making,
        playlists: dict[str, MediaPlaylist],
        settings: TranscoderSettings,
    ) -> None:
        self._folder = folder
        self._making = making
        self._playlists = playlists
        self._settings = settings
        self.slides: tuple[float, ...] = ()  # known once the storyboard is made

    async def poster(self, path: Path) -> str:
        """Make the poster from the film, or of sound alone from its cover."""
        rungs = self._making.renditions
        if rungs:
            small = [rung for rung in rungs if min(rung.width, rung.height) <= _POSTER_LINES]
            files = self._files((small or rungs)[0].folder, _POSTER_S)
            return await self._make(poster_command(POSTER), POSTER, feed=files)
        if self._making.film.cover is not None:
            given = limits(self._settings.caps.pixels)
            command = cover_command(self._making.film.cover, given, POSTER)
            return await self._make(command, POSTER, source=path)
        return ""

    async def storyboard(self) -> str:
        """Make the sheets and their text; a film whose sheets cannot be made has none."""
        if not self._making.renditions:
            return ""
        rung: Rendition = self._making.renditions[-1]
        duration = self._making.duration
        board = storyboard(duration, rung.width, rung.height)
        names = [f"{SHEETS}{number:03}.jpg" for number in range(board.sheets)]
        command = storyboard_command(board, f"{SHEETS}%03d.jpg")
        made, told = await self._run(command, names[-1], feed=self._files(rung.folder))
        self.slides = slides_of(scores_of(told))
        if not made:
            return ""
        text = storyboard_text(board, duration, names)
        await in_thread(lambda: (self._folder / STORYBOARD).write_text(text))
        return STORYBOARD

    async def sound(self) -> str:
        """Make one file of the sound, for those who download it."""
        if self._making.film.sound is None:
            return ""
        return await self._make(sound_command(SOUND), SOUND, feed=self._files(AUDIO))

    def _files(self, folder: str, seconds: float = float("inf")) -> list[Path]:
        """Return the files of a rendition's first seconds, which make one file together."""
        playlist = self._playlists[f"{folder}/{INDEX}"]
        files = [self._folder / folder / playlist.init]
        for segment in playlist.segments:
            if seconds <= 0:
                break
            seconds -= segment.duration
            files.append(self._folder / folder / segment.name)
        return files

    async def _make(
        self,
        program: list[str],
        name: str,
        *,
        source: Path | None = None,
        feed: list[Path] | None = None,
    ) -> str:
        return (await self._run(program, name, source=source, feed=feed))[0]

    async def _run(
        self,
        program: list[str],
        name: str,
        *,
        source: Path | None = None,
        feed: list[Path] | None = None,
    ) -> tuple[str, bytes]:
        """Return the name of what was made, "" for nothing, and what the program wrote besides."""
        bounds = Bounds(
            memory=self._settings.probe_memory * MIB,
            file=self._settings.file * MIB,
            work_s=round(self._settings.probe_s + self._making.duration),
            clock_s=round(self._settings.probe_s + self._making.duration),
            nice=self._settings.nice,
        )
        command = jailed(program, bounds, source=source, folder=self._folder)
        async with running(command, feed=feed or ()) as running_program:
            told = await running_program.text()
            code = await running_program.ended()
        made = self._folder / name
        whole = await in_thread(lambda: code == 0 and made.is_file() and not made.is_symlink())
        if not whole:
            await in_thread(lambda: made.unlink(missing_ok=True))
        return (name if whole else ""), told
