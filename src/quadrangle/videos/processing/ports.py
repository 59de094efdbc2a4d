"""What processing needs from whoever looks into files of strangers and makes renditions of them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import msgspec

MASTER = "master.m3u8"  # of a growing and of a finished rendering alike


class Refusal(Exception):
    """This file will never become a video. The message is a sentence for its owner.

    It names no path, program or signal: "This file is not a video.", "The video is 9 hours long;
    8 are the most.". The same file would be refused again, so nobody tries once more.
    """

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds, by its packets where its headers say nothing or lie.

    An adapter may hand out a subclass with details of its own: `transcode` of the same adapter
    gets back, in `Plan.probe`, what `probe` returned. `width` and `height` are those of the upright
    picture with square pixels, 0 for a file with sound alone. `duration` in seconds, of the longer
    of picture and sound. Codecs are ffmpeg's words ("h264", "vp9"; "" where there is none).
    """

    duration: float
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    video_codec: str = ""
    audio_codec: str = ""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to make. `heights` are those wanted, for a picture lying or standing, largest first;

    what is above the source is skipped, but there is at least one. `threads` is how many processors
    may be used (0: as many as there are).
    """

    probe: Probe
    heights: tuple[int, ...] = (1080, 720, 480, 360, 240)
    threads: int = 0


class Progress(msgspec.Struct, frozen=True):
    """How far it is: seconds of the film done, of all; and whether the beginning can be played.

    `playable` turns True when `folder/master.m3u8` and every playlist it names exist and hold a
    segment each, and it stays so: the playlists grow (EVENT) until all is done.
    """

    done_s: float
    total_s: float
    playable: bool = False


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One quality. `name` as people know it ("720p"); bit rates in bits a second.

    `bit_rate` is the peak of a segment, `average` that of all; `codecs` as RFC 6381 writes them,
    sound included; `playlist` relative to the folder.
    """

    name: str
    width: int
    height: int
    bit_rate: int
    average: int
    codecs: str
    playlist: str
    frame_rate: float = 0.0


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the folder when all is done. Names are relative to it, "" where there is none.

    `rungs` with the largest first. `audio` is the playlist of sound alone, `audio_file` the same as
    one file to download. `poster` is a picture, `storyboard` a WebVTT file that names pictures with
    `#xywh=`. `duration` is what players will show. `notice` is a sentence for the owner when
    something is to be told all the same, such as that the file breaks off early.
    """

    duration: float
    rungs: tuple[Rung, ...]
    audio: str = ""
    audio_file: str = ""
    poster: str = ""
    storyboard: str = ""
    notice: str = ""


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
