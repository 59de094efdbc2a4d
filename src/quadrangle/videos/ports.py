"""What videos need from the world; see also uploads/ports.py and processing/ports.py."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from quadrangle.kernel.change import Change
from quadrangle.videos.model import Moment, Pace, Passage, Place, Turn, Video, VideoQuery


class VideoStore(Protocol):
    """Keeps videos, each change with its change record. Raises Unavailable."""

    async def get(self, video_id: int) -> Video | None: ...

    async def some(self, video_ids: Sequence[int]) -> list[Video]:
        """Return those of some videos that are there, in the order given."""
        ...

    async def save(
        self,
        video: Video,
        changes: Sequence[Change],
        now: datetime,
        said: Mapping[str, Sequence[Passage]] | None = None,
    ) -> None:
        """Replace the video whose version is one less. Raises Conflict when there is none.

        `said` is what is in new files of captions, by their names: it can be searched from now on,
        for as long as the video names the file.
        """
        ...

    async def delete(self, video: Video, changes: Sequence[Change], now: datetime) -> bool:
        """Forget the video, take it off the queue, and have its files removed by a job.

        False when it is not there any more.
        """
        ...

    async def page(self, query: VideoQuery, offset: int, limit: int) -> tuple[list[Video], int]:
        """Return some of a list and how many there are in all."""
        ...

    async def moments(self, query: VideoQuery, videos: Sequence[Video]) -> dict[int, Moment]:
        """Return where in these hits of a search its words are said, by the videos' numbers; none
        of those that have them in title or description alone."""
        ...

    async def place(self, video_id: int) -> Place | None:
        """Return what addresses of media are checked by; quick, and never out of date."""
        ...

    async def count_view(self, video_id: int, viewer: str, hour: str, day: str) -> bool:
        """Count a view on the campus's `day` (`2026-11-21`), unless this viewer was counted in that
        hour (UTC, `2026-11-21T09`). Tell whether it was."""
        ...

    async def plays(self, video_id: int, since: str) -> dict[str, int]:
        """Return how many views were counted, by day of the campus, from one on;
        others are left out."""
        ...

    async def forget_views(self, before: str) -> None:
        """Forget who was counted in hours before one."""
        ...

    async def paces(self, video_ids: Sequence[int]) -> dict[int, Pace]:
        """Return how far processing is, of those that wait or are processed."""
        ...

    async def reshelve(self, now: datetime) -> int:
        """Have lists show what was published meanwhile, and no longer what is past its time."""
        ...


# Returns a video as it is after its turn, with its change records; it may be called more than once.
Ended = Callable[[Video], tuple[Video, Sequence[Change]]]


class Queue(Protocol):
    """Whose turn it is to be processed: round robin over owners. Raises Unavailable.

    What is told of a turn that is over, or was given to somebody else, changes nothing and raises
    Conflict: the video was deleted, or another worker has it.
    """

    async def begin(self, video_id: int, run: str, now: datetime) -> tuple[Video, Turn] | None:
        """Take a video's turn; one more try is counted. None when it has none (any more)."""
        ...

    async def tell(self, turn: Turn, pace: Pace, now: datetime, folder: str | None = None) -> None:
        """Save how far it is and, with `folder`, what can be played of it already."""
        ...

    async def end(
        self,
        turn: Turn,
        ended: Ended,
        now: datetime,
        said: Mapping[str, Sequence[Passage]] | None = None,
    ) -> Video:
        """Save what `ended` makes of the video as it is then, and give the next ones theirs.

        `said` is what is said in captions that are new, by their files.
        """
        ...

    async def pause(self, turn: Turn, now: datetime) -> None:
        """Note that a try failed that will be repeated: what could be played cannot any more."""
        ...

    async def again(self, video: Video, changes: Sequence[Change], now: datetime) -> None:
        """Have a video wait for a turn once more: it failed, or is made anew (Details.redo) while
        the film that is there plays on. Raises Conflict like `save`."""
        ...

    async def lost(self) -> list[tuple[Video, Turn]]:
        """Return those in their turn whose job is with the dead letters: nobody works on them."""
        ...

    async def admit(self, now: datetime) -> int:
        """Give turns to those that wait, where there is room; return to how many."""
        ...


class Shelves(Protocol):
    """The files of videos by their keys: what was uploaded, and folders of renditions."""

    async def original(self, key: str) -> Path:
        """Return where the uploaded file is on this machine, having brought it here if need be."""
        ...

    async def make_folder(self, key: str, name: str) -> Path:
        """Make an empty folder for a rendition."""
        ...

    async def bring(self, key: str, name: str) -> Path:
        """Return where a rendition is on this machine, having brought it here if need be."""
        ...

    async def bring_sound(self, video: Video) -> Path | None:
        """Return where a video's sound is as one file on this machine, having brought it here if
        need be; None where it has none."""
        ...

    async def grown(self, key: str, name: str) -> None:
        """Have players reach what a rendition's playlists name by now."""
        ...

    async def keep_only(self, key: str, name: str) -> None:
        """Remove every rendition but one ("": all)."""
        ...

    async def settle(self, key: str, name: str) -> None:
        """Have all of a rendition be where it is played from, whatever happens now."""
        ...

    async def let_go(self, key: str) -> None:
        """Forget what was brought to this machine for one try. Safe to repeat."""
        ...

    async def read(self, key: str, folder: str, name: str) -> bytes:
        """Return a file of a rendition. Raises NotFound, Unavailable."""
        ...

    async def size(self, key: str, folder: str, name: str) -> int | None:
        """Return the bytes of a file of a rendition; None for none."""
        ...

    async def write_caption(self, key: str, name: str, content: bytes) -> None:
        """Put a file of captions on disk, whole or not at all. Raises NotFound, Unavailable."""
        ...

    async def remove_caption(self, key: str, name: str) -> None:
        """Remove a file of captions. Safe to repeat. Raises Unavailable."""
        ...

    async def read_caption(self, key: str, name: str) -> bytes:
        """Return a file of captions. Raises NotFound."""
        ...

    async def remove_original(self, key: str) -> None:
        """Remove what was uploaded, and leave what was made of it. Safe to repeat."""
        ...

    async def remove(self, key: str) -> None:
        """Remove all files of a video. Safe to repeat."""
        ...


class NearShelves(Shelves, Protocol):
    """Shelves that are on this machine."""

    def sound(self, video: Video) -> Path | None:
        """Return where the sound of a video is as one file; None where it has none."""
        ...
