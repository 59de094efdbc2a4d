"""What among files is left over, and what is missing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from quadrangle.videos.model import Status
from quadrangle.videos.tidying.model import Found, Kept, Known

ALL = ""  # stands for the whole folder of a key
ORIGINAL = "original"
RENDITION = "r-"
CAPTIONS = "captions/"
# Rows are written after files. What nobody has changed for so long belongs to nothing under way.
SETTLED = timedelta(hours=1)
_MARKS = ("held", "knock")  # of an upload that is whole they mean nothing


def leftovers(found: Found, kept: Kept | None, now: datetime) -> list[str]:
    """Return what in a folder no row names, or ALL; what somebody may still write to stays."""
    if kept is None:
        newest = max([found.changed, *found.parts.values()])
        return [ALL] if now - newest >= SETTLED else []
    if kept.busy:
        return []
    settled = [name for name, changed in found.parts.items() if now - changed >= SETTLED]
    return sorted(name for name in settled if _is_left(name, kept))


def _is_left(name: str, kept: Kept) -> bool:
    if name.startswith(CAPTIONS):
        return name.removeprefix(CAPTIONS) not in kept.captions
    if name.startswith(RENDITION):
        return name != kept.folder
    return name in _MARKS


def needed(video: Known) -> Iterator[tuple[str, str, str]]:
    """Yield the files a video is to have: key, name in the folder of that key, and what it is."""
    if video.status is Status.READY:
        yield video.key, video.folder, "its film"
    if video.status in (Status.UPLOADED, Status.PROCESSING):
        yield video.source or video.key, ORIGINAL, "what was uploaded"
    for file in video.captions:
        yield video.key, CAPTIONS + file, "a file of its captions"


def missing(video: Known, what: str) -> str:
    """Return what is said of a file that is not there."""
    return f"Video {video.video_id} (“{video.title}”): {what} is not on the disk."


def unnamed(count: int, size: int) -> str:
    """Return what is said of files no row names; `size` in bytes."""
    return (
        f"{count} file(s) or folder(s) of videos are in no record ({size / 1e6:,.1f} MB);"
        " the server removes them at its start and daily."
    )
