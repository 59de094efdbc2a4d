"""Where slides change, by how far each keyframe differs from the one before it.

Between two keyframes of one slide an encoder leaves differences below 0.001; another slide makes
0.006 when a line is added and 0.02 and more when all is new. Where a speaker moves beside the
slides everything differs a little all the time, and where a camera moves everything differs much:
so a change counts against what is usual in this film.
"""

import re
from collections.abc import Sequence
from statistics import median

_FRAME = re.compile(
    rb"pts_time:(\d{1,9}(?:\.\d{1,9})?)\s+lavfi\.scene_score=(\d(?:\.\d{1,9})?)(?=\s|$)"
)
_LEAST = 0.006
_ABOVE_USUAL = 8.0
_LIVELY = 0.02  # what is usual where cameras move: nothing is a slide there
_APART_S = 5.0
MOST_SLIDES = 200


def scores_of(told: bytes) -> list[tuple[float, float]]:
    """Return the second of each keyframe and its difference, from what ffmpeg wrote of them."""
    return [(float(at), float(score)) for at, score in _FRAME.findall(told)]


def slides_of(scores: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """Return the seconds at which another slide is shown."""
    if len(scores) < 3:
        return ()
    usual = median(score for _, score in scores[1:])
    if usual > _LIVELY:
        return ()
    least = max(_LEAST, usual * _ABOVE_USUAL)
    changes = [(at, score) for at, score in scores[1:] if score >= least]
    found: list[float] = []
    for at, _ in sorted(_strongest(changes)):
        if at >= _APART_S and (not found or at - found[-1] >= _APART_S):
            found.append(at)
    return tuple(found)


def _strongest(changes: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return sorted(changes, key=lambda change: change[1], reverse=True)[:MOST_SLIDES]
