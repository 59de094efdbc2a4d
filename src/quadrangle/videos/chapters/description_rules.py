"""A description whose lines are chapters, moved along when its film is cut."""

import re
from collections.abc import Sequence
from math import inf

from quadrangle.videos.chapters.rules import from_description, read_line
from quadrangle.videos.editing.span_rules import moved
from quadrangle.videos.model import Spans
from quadrangle.videos.rules import LONGEST_DESCRIPTION


def description_cut(description: str, duration: float | None, old: Spans, new: Spans) -> str:
    """Return the description of a film that showed `old` and lasted `duration` seconds, now that it
    shows `new`.

    Times move; lines of which nothing is left are taken out. What is no list of chapters stays.
    """
    chapters = from_description(description, duration)
    if old == new or not chapters:
        return description
    starts = [chapter.start for chapter in chapters]
    seconds = _seconds(starts, old, new)
    lines = description.splitlines(keepends=True)
    found: list[str] = []
    number = 0
    for line in lines:
        read = read_line(line)
        if read is None or number == len(seconds):
            found.append(line)
            continue
        second = seconds[number]
        number += 1
        if second is not None:
            found.append(_at(line, read[0], second))
    text = "".join(found).rstrip()
    return text if len(text) <= LONGEST_DESCRIPTION else description


def _seconds(starts: Sequence[float], old: Spans, new: Spans) -> list[int | None]:
    """Return at which second each begins now; None for what is gone, or is over within a second."""
    ends = [*starts[1:], inf]
    spans = [moved((start, end), old, new) for start, end in zip(starts, ends, strict=True)]
    found = [None if span is None else round(span[0]) for span in spans]
    following = -1
    for place in reversed(range(len(found))):
        second = found[place]
        if second is not None and second == following:
            found[place] = None
        elif second is not None:
            following = second
    return found


def _at(line: str, match: re.Match[str], second: int) -> str:
    """Return a line with another time, written as the one it had."""
    begin = match.start(2) if match[1] is None else match.start(1)
    minutes, rest = divmod(second, 60)
    hours = minutes // 60
    if match[1] is not None or hours:
        width = len(match[1] or "")
        time = f"{hours:0{width}}:{minutes % 60:02}:{rest:02}"
    else:
        time = f"{minutes:0{len(match[2])}}:{rest:02}"
    return line[:begin] + time + line[match.end(3) :]
