"""Media playlists: read as ffmpeg lets them grow, written anew when all is done (RFC 8216)."""

import math
from collections.abc import Sequence

import msgspec

_VERSION = 7  # fragmented MP4
_MAP = '#EXT-X-MAP:URI="'


class NotAPlaylist(Exception):
    """What should be a playlist of ours is none, or names what it must not."""


class Segment(msgspec.Struct, frozen=True):
    """One segment: a name beside the playlist, its seconds, and its bytes once they are known."""

    name: str
    duration: float
    size: int = 0


class MediaPlaylist(msgspec.Struct, frozen=True):
    """A rendition's segments in order, and the file that tells how to read them."""

    init: str
    segments: tuple[Segment, ...]
    ended: bool

    @property
    def duration(self) -> float:
        return sum(segment.duration for segment in self.segments)

    @property
    def target(self) -> int:
        """Return the seconds that no segment is longer than, when rounded."""
        return (
            max((math.floor(round(each.duration, 6) + 0.5) for each in self.segments), default=1)
            or 1
        )


def read_playlist(text: str) -> MediaPlaylist:
    """Read what ffmpeg wrote. Raises NotAPlaylist."""
    lines = text.splitlines()
    if not lines or lines[0] != "#EXTM3U":
        raise NotAPlaylist
    init, duration = "", None
    segments = []
    for line in lines[1:]:
        if line.startswith(_MAP):
            init = _name(line.removeprefix(_MAP).split('"')[0])
        elif line.startswith("#EXTINF:"):
            duration = _seconds(line.removeprefix("#EXTINF:").split(",")[0])
        elif line and not line.startswith("#"):
            if duration is None:
                raise NotAPlaylist
            segments.append(Segment(_name(line), duration))
            duration = None
    return MediaPlaylist(init, tuple(segments), "#EXT-X-ENDLIST" in lines)


def _name(text: str) -> str:
    """Only names in the same folder: ffmpeg read what a stranger sent, and wrote this."""
    if not text or "/" in text or text.startswith(".") or not text.isascii():
        raise NotAPlaylist
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError as error:
        raise NotAPlaylist from error
    if not 0 <= seconds < 3600:
        raise NotAPlaylist
    return seconds


def write_playlist(playlist: MediaPlaylist) -> str:
    """Return the playlist of a rendition that is whole."""
    lines = [
        *("#EXTM3U", f"#EXT-X-VERSION:{_VERSION}", f"#EXT-X-TARGETDURATION:{playlist.target}"),
        *("#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS"),
        f'{_MAP}{playlist.init}"',
    ]
    for segment in playlist.segments:
        lines += [f"#EXTINF:{segment.duration:.6f},", segment.name]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


class BitRates(msgspec.Struct, frozen=True):
    """Bits a second: of everything, and the most that a player must take in for a while."""

    average: int
    peak: int


def bit_rates(segments: Sequence[Segment]) -> BitRates:
    """Return the rates of segments whose sizes are known.

    The peak is that of RFC 8216, 4.3.4.2: of any segments in a row that last between half and one
    and a half times the target together, so that a last one of a few frames does not count alone.
    """
    total = sum(segment.duration for segment in segments)
    if total <= 0:
        return BitRates(0, 0)
    average = round(8 * sum(segment.size for segment in segments) / total)
    target = max(segment.duration for segment in segments)
    peak = 0.0
    for first in range(len(segments)):
        duration, size = 0.0, 0
        for segment in segments[first:]:
            duration += segment.duration
            size += segment.size
            if duration > target * 1.5:
                break
            if duration >= target / 2:
                peak = max(peak, 8 * size / duration)
    return BitRates(average, max(round(peak), average))
