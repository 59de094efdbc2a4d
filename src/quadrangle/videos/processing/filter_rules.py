"""The graphs of ffmpeg's filters, as texts."""

from fractions import Fraction

from quadrangle.videos.processing.film_model import Film, PictureTrack, SoundTrack
from quadrangle.videos.processing.ladder_rules import Rendition, shown_size
from quadrangle.videos.processing.making_model import FRAME_SAMPLES, SOUND_RATE, Making

_HDR = ("smpte2084", "arib-std-b67")
_WIDE_COLOURS = ("bt2020",)
_HD_LINES = 720  # from here on an untold matrix is that of HD
_INTERLACING = ("h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4", "vc1", "dvvideo", "prores")
_SLACK_S = 0.5  # the last packet's end is a guess
# Of EBU R 128, at the level of its supplement for streaming: -23 is lost on a phone's speaker.
LOUDNESS = "loudnorm=I=-16:TP=-1.5:LRA=11"


def picture_graph(making: Making) -> str:
    """Return the graph from the picture to one output `[v<n>]` for each rung that is encoded.

    Everything is done once, on the largest size that is encoded, and the others are made from that.
    """
    picture = making.film.picture
    encoded = [each for each in making.renditions if not each.copied]
    if picture is None or not encoded:
        return ""
    top, rest = encoded[0], encoded[1:]
    ended = _cut(picture, making) if making.kept else _ended(picture, making)
    timed = [*_timed(picture, making), *(ended if making.kept else ())]
    steps = [*timed, *_sized(making.film, picture, top), *(() if making.kept else ended)]
    graph = f"[0:{picture.index}]{','.join(steps)}"
    if not rest:
        return f"{graph}[v0]"
    halves = "".join(f"[s{number}]" for number in range(1, len(encoded)))
    scaled = [
        f"[s{number}]scale={rung.width}:{rung.height},setsar=1[v{number}]"
        for number, rung in enumerate(rest, start=1)
    ]
    return ";".join([f"{graph},split={len(encoded)}[v0]{halves}", *scaled])


def _timed(picture: PictureTrack, making: Making) -> list[str]:
    """Whole pictures at even distances from the very beginning on."""
    steps = []
    if picture.field_order != "progressive" and picture.codec in _INTERLACING:
        steps.append("bwdif=mode=send_frame:deint=interlaced")
    if picture.timing.start > float(1 / making.rate) / 2:
        steps.append(f"tpad=start_mode=clone:start_duration={picture.timing.start:.6f}")
        # tpad moves what it pads to the front, and leaves nothing at its own time
        steps.append("setpts=PTS-STARTPTS")
    steps.append(f"fps={_fraction(making.rate)}")
    return steps


def _sized(film: Film, picture: PictureTrack, top: Rendition) -> list[str]:
    """Square pixels, the size of the largest rung, and colours of HD that say so."""
    colours = _colours(picture)
    size = f"{top.width}:{top.height}"
    if colours:
        steps = [f"scale={size}", *colours]
    else:
        given = "" if _says_matrix(picture) else f":in_color_matrix={_usual_matrix(picture)}"
        steps = [f"scale={_fitted(film, top)}{given}:out_color_matrix=bt709:out_range=tv"]
        if film.may_resize:
            steps.append(f"pad={size}:-1:-1")
    return [*steps, "setsar=1", "format=yuv420p"]


def _fitted(film: Film, top: Rendition) -> str:
    """Return the size to scale to: of a picture that changes its shape on the way, as screens
    that are shared do, what fits."""
    if not film.may_resize:
        return f"{top.width}:{top.height}"
    width, height = top.width, top.height
    shape = f"{width}/{height}"
    same = f"lt(abs(dar/({shape})-1),0.03)"
    wide = f"if({same}+gt(dar,{shape}),{width},max(2,2*trunc({height}*dar/2)))"
    high = f"if({same}+lt(dar,{shape}),{height},max(2,2*trunc({width}/dar/2)))"
    return f"w='{wide}':h='{high}'"


def _colours(picture: PictureTrack) -> list[str]:
    """Return how colours of more range or width become those of HD; nothing for those."""
    wide = picture.primaries in _WIDE_COLOURS
    if picture.transfer in _HDR:
        primaries = "bt2020" if wide else picture.primaries or "bt2020"
        given = f":tin={picture.transfer}:pin={primaries}"
        return [
            f"zscale=t=linear:npl=100{given}:min={_matrix_in(picture)}",
            "format=gbrpf32le",
            "zscale=p=bt709",
            "tonemap=tonemap=hable:desat=0",
            "zscale=t=bt709:m=bt709:r=tv",
        ]
    if wide:
        return [f"zscale=p=bt709:t=bt709:m=bt709:r=tv:min={_matrix_in(picture)}"]
    return []


def _matrix_in(picture: PictureTrack) -> str:
    return picture.matrix if _says_matrix(picture) else "bt2020nc"


def _says_matrix(picture: PictureTrack) -> bool:
    return picture.matrix not in ("", "unknown", "unspecified", "reserved")


def _usual_matrix(picture: PictureTrack) -> str:
    return "bt709" if min(shown_size(picture)) >= _HD_LINES else "bt601"


def _ended(picture: PictureTrack, making: Making) -> list[str]:
    """The last picture stands until the sound ends, and not a frame longer."""
    rest = max(0.0, making.duration - picture.timing.end) + _SLACK_S
    return [f"tpad=stop_mode=clone:stop_duration={rest:.3f}", f"trim=end={making.duration:.6f}"]


def _cut(picture: PictureTrack, making: Making) -> list[str]:
    """Only the frames that are kept, one after the other; the last picture stands until the sound
    ends, as that may be kept too."""
    rest = max(0.0, making.film.duration - picture.timing.end) + _SLACK_S
    frames = "+".join(f"between(n,{first},{last - 1})" for first, last in making.kept)
    return [
        f"tpad=stop_mode=clone:stop_duration={rest:.3f}",
        f"select='{frames}'",
        f"setpts=N/({_fraction(making.rate)})/TB",
        f"trim=end={making.duration:.6f}",
    ]


def sound_graph(sound: SoundTrack, making: Making) -> str:
    """Return the graph from the sound to `[a]`: stereo, of even loudness, as long as the picture.

    The encoder puts a packet of silence before what it is given. So as many samples are cut off
    there, and the sound is neither late nor early.
    """
    whole = making.film.duration if making.kept else making.duration
    rest = max(0.0, whole - sound.timing.end) + _SLACK_S
    steps = [
        f"aresample={SOUND_RATE}:async=1:first_pts=0",
        "aformat=channel_layouts=stereo",
        LOUDNESS,
        f"aresample={SOUND_RATE}",
        "aformat=sample_fmts=fltp",
        f"apad=pad_dur={rest:.3f}",
    ]
    graph = f"[0:{sound.index}]{','.join(steps)}"
    end = f"atrim=start_sample={FRAME_SAMPLES}:end_sample={making.sound_samples}"
    if not making.kept:
        return f"{graph},{end}[a]"
    return f"{graph},{_spliced(making)},{end}[a]"


def _spliced(making: Making) -> str:
    """Return what leaves only the parts that are kept, cut at the sample."""

    def sample(frame: int) -> int:
        return round(frame / making.rate * SOUND_RATE)

    count = len(making.kept)
    ways = "".join(f"[p{number}]" for number in range(count))
    parts = [
        f"[p{number}]atrim=start_sample={sample(first)}:end_sample={sample(last)},"
        f"asetpts=PTS-STARTPTS[k{number}]"
        for number, (first, last) in enumerate(making.kept)
    ]
    joined = "".join(f"[k{number}]" for number in range(count))
    # where the parts end a little early, silence does not: the picture is as long as told
    return ";".join(
        [f"asplit={count}{ways}", *parts, f"{joined}concat=n={count}:v=0:a=1,apad=pad_dur=1"]
    )


def _fraction(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"
