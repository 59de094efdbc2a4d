"""What ffprobe says of a file's headers, and what is taken from it."""

import contextlib
from fractions import Fraction

import msgspec

from quadrangle.videos.processing.film_model import PictureTrack, SoundTrack, Timing

_STRAIGHT = (65536, 0, 0, 0, 65536, 0, 0, 0, 1073741824)
_STILLS = ("mjpeg", "png")


class Disposition(msgspec.Struct, frozen=True):
    default: int = 0
    attached_pic: int = 0


class SideData(msgspec.Struct, frozen=True):
    """Of these only the matrix by which a picture is turned."""

    displaymatrix: str = ""
    rotation: float = 0


class Stream(msgspec.Struct, frozen=True):
    """One stream; numbers that ffprobe writes as texts stay so."""

    index: int
    codec_type: str = ""
    codec_name: str = ""
    profile: str = ""
    level: int = 0
    width: int = 0
    height: int = 0
    sample_aspect_ratio: str = ""
    pix_fmt: str = ""
    field_order: str = ""
    color_range: str = ""
    color_space: str = ""
    color_transfer: str = ""
    color_primaries: str = ""
    r_frame_rate: str = ""
    duration: str = ""
    channels: int = 0
    disposition: Disposition = Disposition()
    side_data_list: tuple[SideData, ...] = ()


class Format(msgspec.Struct, frozen=True):
    format_name: str = ""
    start_time: str = ""
    duration: str = ""


class Headers(msgspec.Struct, frozen=True):
    streams: tuple[Stream, ...] = ()
    format: Format = Format()

    def of_type(self, codec_type: str) -> list[Stream]:
        """Return the streams of a type that are no covers, the one to be shown first."""
        found = [s for s in self.streams if s.codec_type == codec_type and not is_cover(s)]
        return sorted(found, key=lambda each: -each.disposition.default)

    def is_a(self, name: str) -> bool:
        return name in self.format.format_name.split(",")


def is_cover(stream: Stream) -> bool:
    return stream.codec_type == "video" and stream.disposition.attached_pic == 1


def is_still(stream: Stream) -> bool:
    """Tell whether it may be a picture beside sound, if there is but one."""
    return stream.codec_name in _STILLS


def picture_track(stream: Stream, timing: Timing) -> PictureTrack:
    turn, mirrored = _turn(stream)
    return PictureTrack(
        index=stream.index,
        codec=stream.codec_name,
        width=stream.width,
        height=stream.height,
        timing=timing,
        profile=stream.profile,
        level=stream.level,
        pixel_shape=fraction(stream.sample_aspect_ratio.replace(":", "/")) or Fraction(1),
        turn=turn,
        mirrored=mirrored,
        pixel_format=stream.pix_fmt,
        field_order=stream.field_order,
        transfer=word(stream.color_transfer),
        primaries=word(stream.color_primaries),
        matrix=word(stream.color_space),
        color_range=word(stream.color_range),
    )


def sound_track(stream: Stream, timing: Timing) -> SoundTrack:
    return SoundTrack(
        index=stream.index, codec=stream.codec_name, timing=timing, channels=stream.channels
    )


def _turn(stream: Stream) -> tuple[int, bool]:
    for data in stream.side_data_list:
        if data.displaymatrix:
            numbers = _matrix(data.displaymatrix)
            return round(data.rotation) % 360, numbers != _STRAIGHT
    return 0, False


def _matrix(text: str) -> tuple[int, ...]:
    """Read the nine numbers of lines like `00000000:  0  -65536  0`."""
    numbers: list[int] = []
    for line in text.split("\n"):
        with contextlib.suppress(ValueError):
            numbers += [int(each) for each in line.partition(":")[2].split()]
    return tuple(numbers)


def word(text: str) -> str:
    """Return one of ffmpeg's words as it is; they go into filters, so nothing else does."""
    return text if text.replace("-", "").isalnum() and text.isascii() and len(text) < 32 else ""


def fraction(text: str) -> Fraction:
    """Read `30000/1001`; 0 for what is none."""
    with contextlib.suppress(ValueError, ZeroDivisionError):
        return Fraction(text)
    return Fraction(0)


def seconds(text: str) -> float | None:
    """Read a time; None for `N/A` and the like."""
    with contextlib.suppress(ValueError):
        value = float(text)
        if abs(value) < 1e9:
            return value
    return None
