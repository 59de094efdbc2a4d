"""Parts of a film, and where its seconds are once only parts of it are shown. Times in seconds.

Spans stand in their order and do not touch; none at all is the whole of it.
"""

from collections.abc import Sequence
from math import inf

from quadrangle.videos.model import Spans

_ALL = ((0.0, inf),)


def composed(shown: Spans, keep: Sequence[tuple[float, float]]) -> Spans:
    """Return which parts of what was uploaded are shown when of what is shown now, `shown`, only
    `keep` is kept."""
    found: list[tuple[float, float]] = []
    for first, last in keep:
        for piece in _originals((first, last), shown or _ALL):
            if found and found[-1][1] >= piece[0]:
                found[-1] = (found[-1][0], piece[1])
            else:
                found.append(piece)
    return tuple(found)


def moved(span: tuple[float, float], old: Spans, new: Spans) -> tuple[float, float] | None:
    """Return where a time span of the film is that showed `old`, now that it shows `new`; None
    when all of it was cut out."""
    pieces = [
        found for piece in _originals(span, old or _ALL) for found in _shown(piece, new or _ALL)
    ]
    if not pieces:
        return None
    return pieces[0][0], pieces[-1][1]


def length(spans: Spans) -> float:
    """Return how long all parts are together."""
    return sum(last - first for first, last in spans)


def _originals(span: tuple[float, float], shown: Spans) -> list[tuple[float, float]]:
    """Return the parts of the upload behind a time span of what is shown."""
    found, at = [], 0.0
    for first, last in shown:
        begin, end = max(span[0], at), min(span[1], at + last - first)
        if begin < end:
            found.append((first + begin - at, first + end - at))
        at += last - first
    return found


def _shown(span: tuple[float, float], shown: Spans) -> list[tuple[float, float]]:
    """Return the time spans of what is shown that show a part of the upload."""
    found, at = [], 0.0
    for first, last in shown:
        begin, end = max(span[0], first), min(span[1], last)
        if begin < end:
            found.append((at + begin - first, at + end - first))
        at += last - first
    return found
