"""Jobs besides turns that take the programs of a worker: each is put with a job that calls one."""

from datetime import datetime, timedelta

from quadrangle.hosts.shared.cloud_videos import CloudVideos
from quadrangle.kernel.jobs import Job, Jobs, NewJob
from quadrangle.videos.jobs import JOIN, LISTEN

CALL = "video.call"  # {"job"}: have a worker be called for the job of that name
ERRANDS = frozenset({JOIN, LISTEN})
_LOST_AFTER = timedelta(hours=1)


class CalledJobs:
    """Implements kernel.jobs.Jobs: with each errand goes what calls a worker for it."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def put(self, *jobs: NewJob) -> None:
        calls = [_call(each.name, each.run_at) for each in jobs if each.function in ERRANDS]
        await self._jobs.put(*jobs, *calls)

    async def cancel(self, name: str) -> bool:
        return await self._jobs.cancel(name)


class Calling:
    """Calls workers for errands: at once, and again when nothing has come of it for long."""

    def __init__(self, cloud: CloudVideos, jobs: Jobs) -> None:
        self._cloud = cloud
        self._jobs = jobs

    async def call(self, job: Job) -> None:
        """Handle one call. Raises Unavailable."""
        name = str(job.payload["job"])
        if await self._cloud.jobs.wait(name) is None:  # done, dead, or not wanted any more
            return
        await self._cloud.turns.call_for(name)
        await self._jobs.put(_call(name, self._cloud.clock.now() + _LOST_AFTER))


def _call(name: str | None, at: datetime | None) -> NewJob:
    assert name is not None  # errands have names, of which one waits
    return NewJob(CALL, {"job": name}, at, f"call:{name}")
