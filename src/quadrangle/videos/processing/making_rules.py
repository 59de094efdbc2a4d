"""Decides what will be made of one film."""

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from quadrangle.videos.processing.copying_rules import may_copy
from quadrangle.videos.processing.evening_rules import is_mostly_still, still_bits
from quadrangle.videos.processing.film_model import Film, PictureTrack
from quadrangle.videos.processing.ladder_rules import Rendition, renditions, shown_rate
from quadrangle.videos.processing.making_model import Making

_SOUND_GRID = Fraction(25)  # the length of sound alone is counted in such parts of a second


def making(film: Film, heights: Sequence[int], threads: int) -> Making:
    """Return what will be made of a film that was taken in."""
    if film.picture is None:
        frames = max(1, round(film.duration * _SOUND_GRID))
        return Making(film=film, renditions=(), rate=_SOUND_GRID, frames=frames, threads=threads)
    rate = shown_rate(film.picture.timing.rate)
    rungs = renditions(film.picture, heights, rate)
    return Making(
        film=film,
        renditions=_with_copy(film, _bounded(film.picture, rungs)),
        rate=rate,
        frames=max(1, round(film.duration * rate)),
        threads=threads,
    )


def _bounded(picture: PictureTrack, rungs: tuple[Rendition, ...]) -> tuple[Rendition, ...]:
    if not is_mostly_still(picture.timing):
        return rungs
    return tuple(
        msgspec.structs.replace(rung, most_bits=still_bits(rung.most_bits)) for rung in rungs
    )


def _with_copy(film: Film, rungs: tuple[Rendition, ...]) -> tuple[Rendition, ...]:
    if film.picture is None or not film.picture.all_idr or not may_copy(film, rungs[0]):
        return rungs
    return (msgspec.structs.replace(rungs[0], copied=True), *rungs[1:])
