"""What a film is, as its packets tell. Times in seconds from the film's beginning."""

from fractions import Fraction

import msgspec


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """What the packets of one stream tell together.

    `start` and `end` are when its first packet begins and its last one ends. `rate` is in packets
    a second, by the usual distance of two; `constant` when they are all as far apart. For a
    picture: the longest time from a keyframe to the next or to the end, whether cutting at
    keyframes gives segments of even length, and the bits a second of all and of the heaviest
    segment. `skipped` counts packets that a list of edits hides.
    """

    packets: int
    start: float
    end: float
    rate: Fraction
    constant: bool = False
    keyframes: int = 0
    keyframe_gap: float = 0.0
    even: bool = False
    average: int = 0
    peak: int = 0
    skipped: int = 0


class PictureTrack(msgspec.Struct, frozen=True, kw_only=True):
    """The picture as it is coded; `index` is its stream's number in the file.

    `pixel_shape` is width to height of one pixel. `turn` is by how much it is to be turned before
    it stands upright, in degrees; `mirrored` when it is turned or flipped in any way. Words are
    ffmpeg's, "" where the file does not say. `all_idr`: every keyframe can be a beginning.
    """

    index: int
    codec: str
    width: int
    height: int
    timing: Timing
    profile: str = ""
    level: int = 0
    pixel_shape: Fraction = Fraction(1)
    turn: int = 0
    mirrored: bool = False
    pixel_format: str = ""
    field_order: str = ""
    transfer: str = ""
    primaries: str = ""
    matrix: str = ""
    color_range: str = ""
    all_idr: bool = False


class SoundTrack(msgspec.Struct, frozen=True, kw_only=True):
    """The sound; `index` is its stream's number in the file."""

    index: int
    codec: str
    timing: Timing
    channels: int = 2


class Film(msgspec.Struct, frozen=True, kw_only=True):
    """All that processing knows of a file. At least one of `picture` and `sound` is there.

    `claimed` is the duration its header tells, 0 where it tells none. `cover` is the number of
    the stream that holds a picture to show with the sound. `may_resize` where the picture's size
    may change on the way, by the kind of file.
    """

    duration: float
    streams: int
    picture: PictureTrack | None = None
    sound: SoundTrack | None = None
    cover: int | None = None
    claimed: float = 0.0
    may_resize: bool = True
