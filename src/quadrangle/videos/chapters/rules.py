"""What the chapters of a video are."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import Checked
from quadrangle.videos.model import Chapter, Video
from quadrangle.videos.rules import CHANGED, record

LONGEST_TITLE = 120
MOST = 200
_LEAST = 2  # a description with one time in it has no chapters
_LONGEST_S = 360_000.0
_LINE = re.compile(
    r"^\s*(?:[-*•–]\s+)?[(\[]?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})[)\]]?\s*(?:[-–—:|]\s*)?(\S.*)$"
)


class Source(StrEnum):
    """Where chapters come from."""

    OWNER = "owner"
    DESCRIPTION = "description"
    NONE = "none"


def chapters_of(video: Video) -> tuple[tuple[Chapter, ...], Source]:
    """Return the chapters that are shown, and where they come from."""
    if video.details.chapters:
        return video.details.chapters, Source.OWNER
    read = from_description(video.description, video.duration)
    return (read, Source.DESCRIPTION) if read else ((), Source.NONE)


def from_description(description: str, duration: float | None) -> tuple[Chapter, ...]:
    """Return the chapters that a description lists: a line for each, its time and its title.

    Times must grow, and be within the film; else it is no list of chapters.
    """
    found = [read_line(line) for line in description.splitlines()]
    chapters = [read[1] for read in found if read is not None][:MOST]
    starts = [chapter.start for chapter in chapters]
    grows = all(one < other for one, other in pairwise(starts))
    within = duration is None or all(start < duration for start in starts)
    return tuple(chapters) if len(chapters) >= _LEAST and grows and within else ()


def read_line(line: str) -> tuple[re.Match[str], Chapter] | None:
    """Return the chapter that a line of a description names; hours, minutes and seconds are the
    first groups of the match."""
    found = _LINE.match(line)
    if found is None or (int(found[2]) > 59 and found[1]) or int(found[3]) > 59:
        return None
    seconds = (int(found[1] or 0) * 60 + int(found[2])) * 60 + int(found[3])
    return found, Chapter(float(seconds), found[4].strip()[:LONGEST_TITLE])


def version_of(chapters: Sequence[Chapter]) -> str:
    """Return what a list of an owner's chapters is known by; "" for none."""
    if not chapters:
        return ""
    return hashlib.sha256(msgspec.json.encode(chapters)).hexdigest()[:12]


def given(
    video: Video, chapters: Sequence[Chapter], version: str, now: datetime, who: Principal
) -> tuple[Video, Change]:
    """Return the video with an owner's chapters; without any, those of the description are shown.

    Raises InvalidInput, and Conflict when they were changed since `version`.
    """
    if version != version_of(video.details.chapters):
        raise Conflict("Somebody changed the chapters meanwhile. Please load them anew.")
    details = msgspec.structs.replace(video.details, chapters=_checked(video, chapters))
    changed = msgspec.structs.replace(
        video, details=details, updated_at=to_text(now), version=video.version + 1
    )
    return changed, record(CHANGED, video, now, who, {"fields": ["chapters"]})


def _checked(video: Video, chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    if len(chapters) > MOST:
        raise InvalidInput.at("chapters", f"There can be {MOST} chapters at most.")
    checked = Checked()
    seen: set[float] = set()
    last = video.duration or _LONGEST_S
    kept: list[Chapter] = []
    for number, chapter in enumerate(chapters):
        title = checked.line(f"chapters.{number}.title", chapter.title, LONGEST_TITLE)
        start = round(chapter.start, 3)
        if not 0 <= start < last:
            checked.fault(f"chapters.{number}.start", "Please give a time within the video.")
        elif start in seen:
            checked.fault(f"chapters.{number}.start", "Another chapter begins at this time.")
        seen.add(start)
        kept.append(Chapter(start, title))
    if checked.errors:
        raise InvalidInput(checked.errors)
    return tuple(sorted(kept, key=lambda chapter: chapter.start))
