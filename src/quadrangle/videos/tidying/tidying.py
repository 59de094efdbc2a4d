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
SOON = timedelta(seconds=30)
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
        after: str | None = ""
        while after is not None:
            left, after = await self._left(after, _AT_ONCE)
            for each in left:
                yield each

    async def _left(self, after: str, limit: int) -> tuple[list[tuple[str, str]], str | None]:
        """Return what no row names of some folders, and the last of their keys; None for no
        more."""
        found = await self._files.folders(after, limit)
        kept = await self._records.kept([each.key for each in found]) if found else {}
        now = self._clock.now()
        left = [
            (each.key, name)
            for each in found
            for name in rules.leftovers(each, kept.get(each.key), now)
        ]
        return left, found[-1].key if found else None

    async def sweep(self) -> int:
        """Remove what no row names; return how much there was."""
        count = 0
        async for key, name in self.leftovers():
            await self._files.remove(key, name)
            count += 1
        if count:
            log.info("leftovers of videos removed", count=count)
        return count

    async def sweep_some(self, after: str, limit: int) -> str | None:
        """Do the same with some folders, by their keys beyond one; return the last of these keys,
        None when there were no more."""
        left, last = await self._left(after, limit)
        for key, name in left:
            await self._files.remove(key, name)
        if left:
            log.info("leftovers of videos removed", count=len(left))
        return last

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


class TidyingByTurns:
    """The sweep as a job that does a part of it and asks for the next: for hosts whose time is
    short. Once all is looked through, the next begins a day later."""

    def __init__(self, tidying: Tidying, jobs: Jobs, clock: Clock, at_once: int = 50) -> None:
        self._tidying = tidying
        self._jobs = jobs
        self._clock = clock
        self._at_once = at_once

    async def handle(self, job: Job) -> None:
        """Handle one part."""
        after = await self._tidying.sweep_some(str(job.payload.get("after", "")), self._at_once)
        then = self._clock.now() + (SOON if after else EVERY)
        await self._jobs.put(NewJob(TIDY, {"after": after or ""}, then, TIDY))
