"""What is taken in, and what is said to the owner of what is not."""

import msgspec

from quadrangle.videos.processing.film_model import Film, PictureTrack

NOT_A_VIDEO = "This file is not a video or sound recording that can be read."
INCOMPLETE = (
    "This file is incomplete: it ends before its table of contents. Please save or export it "
    "again and upload the new file."
)
EMPTY = "This file holds neither picture nor sound."
TOO_HARD = "This file takes far more work than a video of its length should."
UNREADABLE = "The picture and sound of this file cannot be read; it may be damaged."
_SHORTEST_S = 0.1
_SMALLEST, _LONGEST_SIDE, _MOST_STRETCHED = 16, 8192, 16
_MISSING_S, _MISSING_SHARE = 2.0, 0.05


class Caps(msgspec.Struct, frozen=True):
    """The most that is taken in: `pixels` in one picture, frames a second, hours, streams."""

    pixels: int = 16_000_000
    rate: int = 250
    hours: float = 8
    streams: int = 32

    @property
    def packets(self) -> int:
        """As many as no honest file has: picture and sound at their most, all the time."""
        return round(self.hours * 3600 * (self.rate + 200) * 2)


def refusal(film: Film, caps: Caps) -> str | None:
    """Return the sentence that refuses a file, None when it is taken in."""
    if film.streams > caps.streams:
        return f"This file holds {film.streams} streams; {caps.streams} are the most."
    if film.picture is None and film.sound is None:
        return EMPTY
    if film.duration > caps.hours * 3600:
        hours = film.duration / 3600
        return f"The video is {hours:.1f} hours long; {caps.hours:g} are the most."
    if film.duration < _SHORTEST_S:
        return "This is too short to be a video."
    return None if film.picture is None else _picture_refusal(film.picture, film.duration, caps)


def size_refusal(width: int, height: int, caps: Caps) -> str | None:
    """Return the sentence that refuses a size in pixels."""
    if width < 1 or height < 1:
        return UNREADABLE
    if width * height > caps.pixels or max(width, height) > _LONGEST_SIDE:
        most = f"{caps.pixels / 1_000_000:g} million pixels and sides of {_LONGEST_SIDE}"
        return f"The picture is {width} × {height}; {most} are the most."
    if min(width, height) < _SMALLEST:
        return f"The picture is {width} × {height}; {_SMALLEST} × {_SMALLEST} is the least."
    return None


def _picture_refusal(picture: PictureTrack, duration: float, caps: Caps) -> str | None:
    refused = size_refusal(picture.width, picture.height, caps)
    if refused is not None:
        return refused
    stretch = picture.pixel_shape * picture.width / picture.height
    if not 1 / _MOST_STRETCHED <= stretch <= _MOST_STRETCHED:
        return "The picture is far longer on one side than on the other."
    rate = max(float(picture.timing.rate), picture.timing.packets / duration)
    if rate > caps.rate:
        return f"The video shows {rate:.0f} pictures a second; {caps.rate} are the most."
    return None


def missing_notice(film: Film) -> str:
    """Return what the owner of a file is told that breaks off early, "" for a whole one."""
    missing = film.claimed - film.duration
    if missing <= max(_MISSING_S, _MISSING_SHARE * film.claimed):
        return ""
    return (
        f"The file breaks off after {clock(film.duration)} of {clock(film.claimed)}. "
        "If there should be more, please upload it again."
    )


def shortened_notice(done: float, expected: float) -> str:
    """Return what the owner is told when less came out than the file holds, "" when it is all."""
    if expected - done <= max(_MISSING_S, _MISSING_SHARE * expected):
        return ""
    return f"Only {clock(done)} of {clock(expected)} could be read; the file may be damaged."


def clock(seconds: float) -> str:
    """Return a duration as people write it: 0:07, 12:30, 1:02:03."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
