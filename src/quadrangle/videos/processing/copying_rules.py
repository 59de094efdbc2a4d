"""When the source's own picture is good enough to be the top rung, and saves encoding it."""

from quadrangle.videos.processing.evening_rules import is_mostly_still
from quadrangle.videos.processing.film_model import Film, PictureTrack
from quadrangle.videos.processing.ladder_rules import MOST_RATE, Rendition, shown_size
from quadrangle.videos.processing.timing_rules import GROUP_S

_PROFILES = ("High", "Main", "Baseline", "Constrained Baseline")
_MOST_LEVEL = 42
_SDR = ("", "unknown", "bt709")
_BITS_ABOVE = 1.25  # of what the rung would get: so much better the source may be


def may_copy(film: Film, top: Rendition) -> bool:
    """Tell whether every condition holds but that of `all_idr`, which takes a look of its own.

    Each has broken a real film: a copy has no filters, so what is turned stays turned, what begins
    late drifts, and what cannot be cut evenly stalls.
    """
    picture = film.picture
    if picture is None:
        return False
    return (
        _is_plain(picture)
        and (picture.width, picture.height) == (top.width, top.height)
        and _runs_evenly(picture, film.duration)
        and not is_mostly_still(picture.timing)
        and picture.timing.average <= top.most_bits * _BITS_ABOVE
        and picture.timing.peak <= top.most_bits * _BITS_ABOVE * 2
    )


def _is_plain(picture: PictureTrack) -> bool:
    """Tell whether every player shows it as it is: H.264 of 8 bits, upright, square, progressive,
    in the usual colours."""
    return (
        picture.codec == "h264"
        and picture.profile in _PROFILES
        and 0 < picture.level <= _MOST_LEVEL
        and picture.pixel_format == "yuv420p"
        and picture.field_order == "progressive"
        and not picture.turn
        and not picture.mirrored
        and shown_size(picture) == (picture.width, picture.height)
        and all(word in _SDR for word in (picture.transfer, picture.primaries, picture.matrix))
        and picture.color_range in ("", "unknown", "tv")
    )


def _runs_evenly(picture: PictureTrack, duration: float) -> bool:
    """Tell whether it begins at once, ends with the film, and can be cut every few seconds."""
    timing = picture.timing
    frame = float(1 / timing.rate)
    return (
        timing.constant
        and timing.rate <= MOST_RATE
        and not timing.skipped
        and abs(timing.start) < frame / 2
        and abs(duration - timing.end) < 0.1
        and timing.keyframe_gap <= GROUP_S + frame / 2
        and timing.even
    )
