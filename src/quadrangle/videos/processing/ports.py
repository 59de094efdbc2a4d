"""What processing needs from whoever looks into files of strangers and makes renditions of them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from quadrangle.videos.processing.model import HEIGHTS, Plan, Probe, Progress, Rendered, Rung

__all__ = [
    "FILM_FILE",
    "HEIGHTS",
    "MASTER",
    "SOUND_FILE",
    "Plan",
    "Probe",
    "Progress",
    "Refusal",
    "Rendered",
    "Rung",
    "Transcoder",
]
MASTER = "master.m3u8"  # of a growing and of a finished rendering alike
SOUND_FILE, FILM_FILE = "audio.m4a", "film.mp4"  # what can be downloaded, where it is allowed


class Refusal(Exception):
    """This file will never become a video. The message is a sentence for its owner.

    It names no path, program or signal: "This file is not a video.", "The video is 9 hours long;
    8 are the most.". The same file would be refused again, so nobody tries once more.
    """

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


OnProgress = Callable[[Progress], Awaitable[None]]


class Transcoder(Protocol):
    """Looks into files and renders them, where they can harm nothing.

    Both verbs end every program they started before they return, raise, or let a cancellation
    through, which they do within two seconds. They raise Refusal for what would fail again, and
    kernel.errors.Unavailable for what may go well another time (no memory, a full disk).
    """

    async def lacking(self) -> str:
        """Return "" where all programs are there, else one line that says what to install."""
        ...

    async def probe(self, path: Path) -> Probe:
        """Look into the file without decoding all of it."""
        ...

    async def transcode(
        self, path: Path, folder: Path, plan: Plan, on_progress: OnProgress
    ) -> Rendered:
        """Render the file at `path` into `folder`, which is there, empty, and on the same disk as
        where it will be published.

        Everything lies in the folder or one folder below it; names are of a-z, 0-9, `.`, `_` and
        `-`, begin with a letter or digit, and end with .m3u8, .m4s, .mp4, .m4a, .jpg, .webp or
        .vtt: nothing else is ever served. Playlists name each other and their segments by relative
        addresses without a query. Files that are listed in a playlist never change again, except
        for playlists, which are replaced by a rename. `on_progress` is awaited about once a second,
        and once `playable` turns True; an exception that it raises ends the transcoding.
        """
        ...

    async def join(self, folder: Path, rendered: Rendered) -> str:
        """Write the best picture and the sound of a rendition into one file, FILM_FILE beside
        them; return its name, "" where there is no picture."""
        ...
