"""What will be made of one film: decided once, before any program starts."""

from fractions import Fraction

import msgspec

from quadrangle.videos.processing.film_model import Film
from quadrangle.videos.processing.ladder_rules import Rendition

INDEX = "index.m3u8"
INIT = "init.mp4"
AUDIO = "audio"  # the folder of the sound's rendition
SOUND_RATE = 48_000
FRAME_SAMPLES = 1024  # of AAC
SOUND_BITS = 128_000


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """`duration` is what comes out: a whole number of `frames` at `rate`.

    `threads` for each encoder; 0 leaves it to them. `kept` are the parts of the film that are
    made, as numbers of frames from and to (that one not), in their order; none means all of it.
    """

    film: Film
    renditions: tuple[Rendition, ...]
    rate: Fraction
    frames: int
    threads: int = 0
    kept: tuple[tuple[int, int], ...] = ()

    @property
    def duration(self) -> float:
        return float(self.frames / self.rate)

    @property
    def sound_samples(self) -> int:
        """How many samples of sound: whole packets that end with the picture, not behind it."""
        packets = int(self.frames / self.rate * SOUND_RATE) // FRAME_SAMPLES
        return max(packets, 2) * FRAME_SAMPLES

    @property
    def playlists(self) -> tuple[str, ...]:
        """Where the playlists will be that ffmpeg lets grow."""
        folders = [rendition.folder for rendition in self.renditions]
        if self.film.sound is not None:
            folders.append(AUDIO)
        return tuple(f"{folder}/{INDEX}" for folder in folders)
