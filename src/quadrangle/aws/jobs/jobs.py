"""Jobs on AWS: messages in queues, and schedules that put them there."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from quadrangle.aws.jobs.messages import encode, message_of
from quadrangle.aws.jobs.queues import LONGEST_DELAY_S, Outgoing, Queues
from quadrangle.aws.jobs.schedules import Schedules
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import NewJob

# What a schedule does whose time has passed already is not promised, and by the time it is made a
# present time has passed. So none is made for less than the minute the scheduler is precise to.
SOONEST = timedelta(minutes=1)


class AwsJobs:
    """Implements kernel.jobs.Jobs. `urls` has the queue of every function.

    A job without a name goes straight to its queue, which holds it back by the second for up to 15
    minutes. One that is to wait longer, or has a name, by which it can be replaced or cancelled
    while it waits, becomes a schedule. That means for its time: it is sent within a minute after
    `run_at`, and a named job that is due at once within two minutes. It never runs before `run_at`.

    Jobs put together are not saved all or none: after Unavailable some of them may run. Putting
    them again may have these run twice, as jobs may anyway.
    """

    def __init__(
        self, queues: Queues, schedules: Schedules, urls: Mapping[str, str], clock: Clock
    ) -> None:
        self._queues = queues
        self._schedules = schedules
        self._urls = dict(urls)
        self._clock = clock

    async def put(self, *jobs: NewJob) -> None:
        """Raises Unavailable, and ValueError for a function without a queue."""
        now = self._clock.now()
        wanted = _last_of_each_name(jobs)
        if unknown := sorted({job.function for job in wanted} - self._urls.keys()):
            raise ValueError(f"There is no queue for {', '.join(unknown)}.")
        at_once = []
        for job in wanted:
            if job.name is None and _delay_s(job, now) <= LONGEST_DELAY_S:
                at_once.append(self._outgoing(job, now))
            else:
                self._schedule(job, now)
        if self._queues.send_all(at_once):
            raise Unavailable()

    async def cancel(self, name: str) -> bool:
        return self._schedules.delete(name)

    async def waits(self, name: str) -> bool:
        """Tell whether a job of that name waits. Raises Unavailable."""
        return self._schedules.exists(name)

    def _outgoing(self, job: NewJob, now: datetime) -> Outgoing:
        body = encode(message_of(job, now))
        return Outgoing(self._urls[job.function], body, _delay_s(job, now))

    def _schedule(self, job: NewJob, now: datetime) -> None:
        at = max(job.run_at or now, now + SOONEST)
        arn = self._queues.arn(self._urls[job.function])
        self._schedules.put(job.name or new_id(), at, arn, encode(message_of(job, now)))


def _last_of_each_name(jobs: Sequence[NewJob]) -> list[NewJob]:
    kept: dict[Any, NewJob] = {}
    for number, job in enumerate(jobs):
        key = number if job.name is None else job.name
        kept.pop(key, None)
        kept[key] = job
    return list(kept.values())


def _delay_s(job: NewJob, now: datetime) -> int:
    if job.run_at is None:
        return 0
    return max(0, math.ceil((job.run_at - now).total_seconds()))
