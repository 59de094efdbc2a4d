"""Keeps the peak of a rendition within twice its average, as players that adapt expect (HLS
Authoring Specification): who loads the quiet part without effort must not starve at the lively one.

Slides with a film clip in them are the hard case: segments of 16 kb/s and one of 3 Mb/s. No encoder
can make that even, so such films get a lower bound (`is_mostly_still`), and then their smallest
segments are filled up with a box that every player skips.
"""

import struct
from collections.abc import Sequence

from quadrangle.videos.processing.film_model import Timing
from quadrangle.videos.processing.playlist_rules import Segment, bit_rates

MOST_PEAK = 2  # times the average
_MARGIN = 1.01
_STILL = 4  # a peak of so many averages
_STILL_SHARE = 0.5  # of the bits that other films may take
BOX_HEAD = 8
_STEPS = 60


def is_mostly_still(timing: Timing) -> bool:
    """Tell by the source's own packets whether a film is quiet but for some moments."""
    return timing.peak > _STILL * timing.average


def still_bits(bits: int) -> int:
    """Return the most bits a second of a film that is mostly still, of what others may take."""
    return round(bits * _STILL_SHARE)


def fillings(segments: Sequence[Segment]) -> list[int]:
    """Return how many bytes to add to each segment so that the average is half the peak; 0, or
    enough for a box. All 0 where that is so already."""
    rates = bit_rates(segments)
    if rates.peak <= MOST_PEAK * rates.average:
        return [0] * len(segments)
    total = sum(segment.duration for segment in segments)
    wanted = rates.peak / MOST_PEAK * _MARGIN * total / 8
    low, high = 0.0, rates.peak / 8
    for _ in range(_STEPS):
        level = (low + high) / 2
        filled = sum(max(each.size, level * each.duration) for each in segments)
        low, high = (level, high) if filled < wanted else (low, level)
    added = [round(high * each.duration) - each.size for each in segments]
    return [bytes_ if bytes_ >= BOX_HEAD else 0 for bytes_ in added]


def filling_head(size: int) -> bytes:
    """Return the beginning of a box of `size` bytes that means nothing; zeros follow."""
    return struct.pack(">I4s", size, b"free")
