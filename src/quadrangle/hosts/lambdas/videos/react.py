"""Runs the reactions of videos to changes elsewhere: one queue for what is seldom and short."""

import asyncio
from typing import Any

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.base.jobs import begun_jobs, time_left
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.videos.parts import cloud_videos
from quadrangle.hosts.lambdas.videos.reactions import video_reactions
from quadrangle.kernel.change import function_of, handler_in_parts

parts = started()
settings = parts.environment
reactions = video_reactions(parts, cloud_videos(parts))
name = reactions[0].name


async def waits(_: str) -> bool:
    """Changes have no names: none is replaced by a newer one."""
    return False


runner = JobRunner(
    Queues(client_later("sqs")),
    Route(settings.queues[name], settings.dead_letters),
    {function_of(each): handler_in_parts(each) for each in reactions},
    waits,
    parts.clock,
    begun_jobs(parts),
)


def handler(event: dict[str, Any], context: Any) -> object:
    """Run a batch of the queue."""
    return asyncio.run(runner.handle(event, time_left(context)))
