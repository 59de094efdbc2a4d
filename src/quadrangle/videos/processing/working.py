"""A video in its turn: looked into, rendered, published; or refused with a sentence."""

import contextlib
import functools
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import structlog

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, Unavailable
from quadrangle.kernel.jobs import GiveUp, Handler, Job, RetryPolicy
from quadrangle.videos.breaking_off import NotWanted, while_wanted
from quadrangle.videos.captions.cutting import CutCaptions, Said
from quadrangle.videos.jobs import JOIN, PROCESS, REMOVE, SHELVE
from quadrangle.videos.model import Download, Pace, Turn, Video
from quadrangle.videos.ports import Queue, Shelves, VideoStore
from quadrangle.videos.processing import rules
from quadrangle.videos.processing.joining import Joining
from quadrangle.videos.processing.ports import (
    HEIGHTS,
    Plan,
    Probe,
    Progress,
    Refusal,
    Transcoder,
)

log = structlog.get_logger(__name__)
# A machine that has no memory or room now may have some in a few minutes.
POLICY = RetryPolicy(max_attempts=5, first_delay_s=10.0, max_delay_s=600.0)
_WATCH_EVERY_S = 1.0


# Returns a video with the film that was made, and what tells of it.
Ready = Callable[[Video, datetime], tuple[Video, Sequence[Change]]]


class PlanSettings(msgspec.Struct, frozen=True):
    """What an installation has decided of all renditions."""

    heights: tuple[int, ...] = HEIGHTS
    threads: int = 0


@dataclass(frozen=True)
class ProcessingParts:
    """What processing needs."""

    store: VideoStore
    queue: Queue
    shelves: Shelves
    transcoder: Transcoder
    clock: Clock
    plan: PlanSettings


class Processing:
    """Processes videos, each in its turn."""

    def __init__(self, parts: ProcessingParts) -> None:
        self._parts = parts

    async def process(self, job: Job) -> None:
        """Handle a turn. A failure that may pass is raised, for the engine to try again."""
        p = self._parts
        run = secrets.token_hex(8)
        begun = await p.queue.begin(int(job.payload["videoId"]), run, p.clock.now())
        if begun is None:  # it was deleted, or somebody else has ended it
            return
        video, turn = begun
        try:
            async with self._watched(video), self._let_go(video):
                await self._in_turn(video, turn)
        except NotWanted:
            await self._tidy(video)
        except Refusal as refusal:
            await self._fail(video, turn, refusal.message, may_pass=False)
        except (Unavailable, OSError) as error:
            if job.attempt >= POLICY.max_attempts:
                await self._fail(video, turn, rules.WORN_OUT, may_pass=True)
                raise GiveUp(f"Video {video.video_id} was tried too often: {error}") from error
            with contextlib.suppress(Conflict):
                await p.queue.pause(turn, p.clock.now())
            raise

    @contextlib.asynccontextmanager
    async def _watched(self, video: Video) -> AsyncIterator[None]:
        """Break off what is done inside once the turn is over: the video was deleted, or another
        worker has it."""

        async def is_there() -> bool:
            return await self._parts.store.get(video.video_id) is not None

        try:
            async with while_wanted(is_there, _WATCH_EVERY_S):
                yield
        except Conflict:
            raise NotWanted from None

    @contextlib.asynccontextmanager
    async def _let_go(self, video: Video) -> AsyncIterator[None]:
        """Leave nothing on this machine that was only brought here for the try."""
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                for key in {video.key, _source(video)}:
                    await self._parts.shelves.let_go(key)

    async def _in_turn(self, video: Video, turn: Turn) -> None:
        p, redo = self._parts, video.details.redo
        path = await p.shelves.original(_source(video))
        lacking = await p.transcoder.lacking()
        if lacking:
            raise Unavailable(lacking)
        probe = await p.transcoder.probe(path)
        name = f"r-{turn.run}"
        await p.shelves.keep_only(video.key, video.details.folder)
        folder = await p.shelves.make_folder(video.key, name)
        kept = () if redo is None else redo.kept
        plan = Plan(probe=probe, heights=p.plan.heights, threads=p.plan.threads, kept=kept)
        grow = functools.partial(p.shelves.grown, video.key, name)
        telling = _Telling(p, turn, name, probe, grow)
        rendered = await p.transcoder.transcode(path, folder, plan, telling.hear)
        if video.details.download is Download.FILM:
            rendered = await Joining(p.store, p.shelves, p.transcoder, p.clock).joined(
                folder, rendered
            )
        await p.shelves.settle(video.key, name)
        cut = await CutCaptions(p.shelves).make(video)
        await self._publish(
            turn,
            name,
            lambda v, now: rules.ready(cut.applied(v), probe, rendered, name, now),
            cut.said,
        )

    async def _publish(self, turn: Turn, name: str, ready: Ready, said: Said) -> None:
        now = self._parts.clock.now()
        video = await self._parts.queue.end(turn, lambda v: ready(v, now), now, said)
        await self._parts.shelves.keep_only(video.key, name)
        log.info("video ready", video_id=video.video_id, seconds=video.duration)

    async def _fail(self, video: Video, turn: Turn, sentence: str, *, may_pass: bool) -> None:
        now = self._parts.clock.now()
        try:
            after = await self._parts.queue.end(
                turn, lambda v: rules.failed(v, sentence, now, may_pass=may_pass), now
            )
        except Conflict:
            await self._tidy(video)
            return
        await self._parts.shelves.keep_only(video.key, after.details.folder)

    async def _tidy(self, video: Video) -> None:
        """Leave nothing of a video that was deleted meanwhile; of another's turn all stays."""
        if await self._parts.store.get(video.video_id) is None:
            await self._parts.shelves.remove(video.key)

    async def bury(self) -> int:
        """Tell the owners of what nobody works on any more; return how many."""
        lost = await self._parts.queue.lost()
        for video, turn in lost:
            await self._fail(video, turn, rules.WORN_OUT, may_pass=True)
        return len(lost)

    async def remove(self, job: Job) -> None:
        """Handle the removal of files."""
        key = str(job.payload["key"])
        if job.payload.get("original"):
            await self._parts.shelves.remove_original(key)
        else:
            await self._parts.shelves.remove(key)

    async def shelve(self, job: Job) -> None:
        """Handle an instant at which lists change."""
        while await self._parts.store.reshelve(self._parts.clock.now()):
            pass

    def handlers(self) -> Mapping[str, Handler]:
        """Return what handles its jobs, by their functions."""
        p = self._parts
        join = Joining(p.store, p.shelves, p.transcoder, p.clock).join
        return {PROCESS: self.process, REMOVE: self.remove, SHELVE: self.shelve, JOIN: join}


def _source(video: Video) -> str:
    """Return the key of the upload that a turn makes a film of."""
    redo = video.details.redo
    return (redo and redo.source) or video.details.source or video.key


class _Telling:
    """Saves how far it is, now and then, and at once when the beginning can be played."""

    def __init__(
        self,
        parts: ProcessingParts,
        turn: Turn,
        folder: str,
        probe: Probe,
        grow: Callable[[], Awaitable[None]],
    ) -> None:
        """`grow` has players reach what there is by now."""
        self._queue, self._clock = parts.queue, parts.clock
        self._turn, self._folder, self._grow = turn, folder, grow
        began = to_text(self._clock.now())
        self._last = Pace(0.0, probe.duration, began, began)
        self._playable = False

    async def hear(self, progress: Progress) -> None:
        now = self._clock.now()
        newly = progress.playable and not self._playable
        if not newly and not rules.is_due(self._last, now):
            return
        pace = Pace(progress.done_s, progress.total_s, self._last.began_at, to_text(now))
        folder = self._folder if newly else None
        with contextlib.suppress(Unavailable):  # the next one is told in a moment
            if progress.playable:
                await self._grow()
            await self._queue.tell(self._turn, pace, now, folder)
            self._last = pace
            self._playable = self._playable or newly
