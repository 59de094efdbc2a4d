"""Which renditions there are of a picture: their names, sizes, rates and most bits."""

import math
from collections.abc import Sequence
from fractions import Fraction

import msgspec

from quadrangle.videos.processing.film_model import PictureTrack

MOST_RATE = 60
LEAST_RATE = 10
_WIDE = Fraction(16, 9)  # a rung is a box of this shape, lying or standing
_AS_GOOD_AS = 0.97  # of a rung: cropped by a few lines it is still called that
_WORTH_ITS_OWN = 1.1  # this much above a rung, and the source's own size is one
# The most bits a second of each height at 30 frames a second; more motion gets a little more. Far
# above what most films take: quality is constant, this only bounds what is hard to code.
_MOST_BITS = ((1080, 4_800_000), (720, 2_800_000), (480, 1_400_000), (360, 800_000), (0, 420_000))
_PER_PIXEL = 4_800_000 / (1920 * 1080)


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """One rung to make. `name` as people know it, "720p"; sizes are even, pixels square.

    `most_bits` a second; `copied` when the source's own packets are taken.
    """

    name: str
    width: int
    height: int
    most_bits: int
    copied: bool = False

    @property
    def folder(self) -> str:
        return f"v{self.name.removesuffix('p')}"


def shown_size(picture: PictureTrack) -> tuple[int, int]:
    """Return the size of the upright picture with square pixels: none is lost either way."""
    shape = picture.pixel_shape
    width, height = picture.width, picture.height
    if shape > 1:
        width = round(width * shape)
    elif shape < 1:
        height = round(height / shape)
    return (height, width) if picture.turn % 180 else (width, height)


def renditions(
    picture: PictureTrack, heights: Sequence[int], rate: Fraction
) -> tuple[Rendition, ...]:
    """Return the rungs of `heights` that are not above the source, largest first; at least one.

    A rung is what fits into a box of 16:9 of that height, or standing of that width.
    """
    size = shown_size(picture)
    wanted = sorted(set(heights), reverse=True)
    fitting = [each for each in wanted if _share_of(size, each) >= _AS_GOOD_AS]
    rungs = [_rung(size, each, f"{each}p", rate) for each in fitting]
    if _is_between(size, fitting, wanted):
        own = min(size)
        if f"{own}p" not in {rung.name for rung in rungs}:
            rungs.insert(0, _rung(size, max(own, *size), f"{own}p", rate))
    return tuple(rungs)


def _share_of(size: tuple[int, int], height: int) -> float:
    """Return how much of a rung's box the source fills, by the side that fills more: 1 is all."""
    short, long = min(size), max(size)
    return max(short / height, long / float(height * _WIDE))


def _is_between(size: tuple[int, int], fitting: Sequence[int], wanted: Sequence[int]) -> bool:
    """Tell whether the source is so far above the best rung that much would be lost."""
    if not fitting:
        return True
    return fitting[0] != wanted[0] and _share_of(size, fitting[0]) >= _WORTH_ITS_OWN


def _rung(size: tuple[int, int], height: int, name: str, rate: Fraction) -> Rendition:
    short, long = min(size), max(size)
    scale = min(1.0, height / short, float(height * _WIDE) / long)
    width, height = (even(each * scale) for each in size)
    return Rendition(
        name=name, width=width, height=height, most_bits=_most_bits(width, height, rate)
    )


def even(side: float) -> int:
    """Return the even number of pixels nearest to a side, at least 16: what encoders take."""
    return max(16, 2 * math.floor(side / 2 + 0.5 - 1e-9))


def _most_bits(width: int, height: int, rate: Fraction) -> int:
    """Return the most bits a second: by the height the rung is nearest to, and its pixels."""
    by_height = next(bits for least, bits in _MOST_BITS if min(width, height) >= least * 0.9)
    by_pixels = max(120_000, width * height * _PER_PIXEL * 2)
    return round(min(by_height, by_pixels) * (1.4 if rate > 32 else 1.0))


def shown_rate(rate: Fraction) -> Fraction:
    """Return the frames a second of all renditions: the source's, or a whole part of it where that
    is above 60."""
    if rate > MOST_RATE:
        return rate / math.ceil(rate / MOST_RATE - Fraction(1, 1000))
    return max(rate, Fraction(LEAST_RATE))
