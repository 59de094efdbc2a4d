"""Chapters that move along when a film is cut."""

from collections.abc import Sequence
from math import inf

from quadrangle.videos.editing.span_rules import moved
from quadrangle.videos.model import Chapter, Spans


def chapters_cut(chapters: Sequence[Chapter], old: Spans, new: Spans) -> tuple[Chapter, ...]:
    """Return the chapters of a film that showed `old`, now that it shows `new`: without those of
    which nothing is left."""
    if old == new:
        return tuple(chapters)
    ends = [*(chapter.start for chapter in chapters[1:]), inf]
    found: list[Chapter] = []
    for chapter, end in zip(chapters, ends, strict=False):
        span = moved((chapter.start, end), old, new)
        if span is not None:
            found.append(Chapter(round(span[0], 3), chapter.title))
    return tuple(found)
