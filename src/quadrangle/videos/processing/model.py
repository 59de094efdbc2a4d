"""What is known of a file, what is to be made of it, and what was made."""

import msgspec

HEIGHTS = (1080, 720, 480, 360, 240)


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
    may be used (0: as many as there are). `kept` are the parts to make, in seconds of the file and
    in their order; none means all of it.
    """

    probe: Probe
    heights: tuple[int, ...] = HEIGHTS
    threads: int = 0
    kept: tuple[tuple[float, float], ...] = ()


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
    something is to be told all the same, such as that the file breaks off early. `slides` are the
    seconds at which a picture that stands still becomes another one.
    """

    duration: float
    rungs: tuple[Rung, ...]
    audio: str = ""
    audio_file: str = ""
    poster: str = ""
    storyboard: str = ""
    notice: str = ""
    slides: tuple[float, ...] = ()
