"""Jobs of meetings that are due at once: asked for now, where others wait for the scheduler."""

from quadrangle.aws.jobs.jobs import SOONEST, AwsJobs
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.jobs import NewJob


class PromptJobs:
    """Implements kernel.jobs.Jobs around AwsJobs, which waits for the scheduler with every named
    job: what is due within a minute goes to its queue instead, and ends the schedule of its name.

    For functions that the queue does not call: one that sent to its own would go round in a loop.
    """

    def __init__(self, jobs: AwsJobs, clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock

    async def put(self, *jobs: NewJob) -> None:
        for job in jobs:
            if job.name is None or not self._is_due(job):
                await self._jobs.put(job)
                continue
            # first sent: should it break off here, both are there, and looking twice does no harm
            await self._jobs.put(NewJob(job.function, job.payload, job.run_at))
            await self._jobs.cancel(job.name)

    async def cancel(self, name: str) -> bool:
        return await self._jobs.cancel(name)

    async def waits(self, name: str) -> bool:
        return await self._jobs.waits(name)

    def _is_due(self, job: NewJob) -> bool:
        now = self._clock.now()
        return (job.run_at or now) - now <= SOONEST


class NamelessJobs:
    """Implements kernel.jobs.Jobs for jobs that are due at once and may run twice side by side:
    they go straight to their queue, and need no right to schedules."""

    def __init__(self, jobs: AwsJobs) -> None:
        self._jobs = jobs

    async def put(self, *jobs: NewJob) -> None:
        await self._jobs.put(*(NewJob(job.function, job.payload, job.run_at) for job in jobs))

    async def cancel(self, name: str) -> bool:
        return False
