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


def making(
    film: Film, heights: Sequence[int], threads: int, kept: Sequence[tuple[float, float]] = ()
) -> Making:
    """Return what will be made of a film that was taken in, or of parts of it (Plan.kept)."""
    if film.picture is None:
        rate, rungs = _SOUND_GRID, ()
    else:
        rate = shown_rate(film.picture.timing.rate)
        rungs = _bounded(film.picture, renditions(film.picture, heights, rate))
    frames = max(1, round(film.duration * rate))
    parts = _parts(kept, rate, frames)
    return Making(
        film=film,
        renditions=rungs if parts else _with_copy(film, rungs),
        rate=rate,
        frames=sum(last - first for first, last in parts) if parts else frames,
        threads=threads,
        kept=parts,
    )


def _parts(
    kept: Sequence[tuple[float, float]], rate: Fraction, frames: int
) -> tuple[tuple[int, int], ...]:
    """Return parts in frames; none where there are none, or where that is all of the film."""
    parts = [(round(first * rate), min(frames, round(last * rate))) for first, last in kept]
    found = tuple((first, last) for first, last in parts if first < last)
    return () if found == ((0, frames),) else found


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
