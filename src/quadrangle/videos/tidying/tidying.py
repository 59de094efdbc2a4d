"""Leftovers removed, and files compared with records."""

from collections.abc import AsyncIterator
from datetime import timedelta

import structlog

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.jobs import Job, Jobs, NewJob
from quadrangle.videos.jobs import TIDY
from quadrangle.videos.tidying import rules
from quadrangle.videos.tidying.ports import Files, Records

log = structlog.get_logger(__name__)
EVERY = timedelta(days=1)
_AT_ONCE = 100
_MOST_TOLD = 50


class Tidying:
    """Looks through all files of videos."""

    def __init__(self, files: Files, records: Records, clock: Clock) -> None:
        self._files = files
        self._records = records
        self._clock = clock

    async def leftovers(self) -> AsyncIterator[tuple[str, str]]:
        """Yield what no row names: a key, and a part of its folder ("": all).

        Files are looked at before rows, so that what becomes a row's meanwhile is named by it.
        """
        after = ""
        while found := await self._files.folders(after, _AT_ONCE):
            kept = await self._records.kept([each.key for each in found])
            now = self._clock.now()
            for each in found:
                for name in rules.leftovers(each, kept.get(each.key), now):
                    yield each.key, name
            after = found[-1].key

    async def sweep(self) -> int:
        """Remove what no row names; return how much there was."""
        count = 0
        async for key, name in self.leftovers():
            await self._files.remove(key, name)
            count += 1
        if count:
            log.info("leftovers of videos removed", count=count)
        return count

    async def check(self) -> list[str]:
        """Return a sentence for each file that is missing, and one for those that are too much."""
        problems = [problem async for problem in self._missing()]
        count = size = 0
        async for key, name in self.leftovers():
            count += 1
            size += await self._files.size(key, name)
        more = len(problems) - _MOST_TOLD
        if more > 0:
            problems = [*problems[:_MOST_TOLD], f"{more} more file(s) of videos are missing."]
        return [*problems, *([rules.unnamed(count, size)] if count else [])]

    async def _missing(self) -> AsyncIterator[str]:
        after = 0
        while videos := await self._records.videos(after, _AT_ONCE):
            for video in videos:
                for key, name, what in rules.needed(video):
                    if not await self._files.has(key, name) and await self._stands(video.video_id):
                        yield rules.missing(video, what)
            after = videos[-1].video_id

    async def _stands(self, video_id: int) -> bool:
        """Tell whether a video still needs the same files: it may have been deleted meanwhile."""
        again = await self._records.videos(video_id - 1, 1)
        if not again or again[0].video_id != video_id:
            return False
        for key, name, _ in rules.needed(again[0]):
            if not await self._files.has(key, name):
                return True
        return False


class DailyTidying:
    """The sweep as a job that asks for the next one."""

    def __init__(self, tidying: Tidying, jobs: Jobs, clock: Clock) -> None:
        self._tidying = tidying
        self._jobs = jobs
        self._clock = clock

    async def handle(self, job: Job) -> None:
        """Handle one sweep."""
        await self._jobs.put(NewJob(TIDY, {}, self._clock.now() + EVERY, TIDY))
        await self._tidying.sweep()
