"""Puts files that are handed out where desktops fetch them, and packs what is taken home."""

import asyncio
from typing import Any

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.base.jobs import begun_jobs, time_left
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.meetings.materials import MaterialsWork
from quadrangle.kernel.change import function_of, handler_of
from quadrangle.meetings.take_home.packing import PACK

parts = started("dynamodb")
settings = parts.environment
work = MaterialsWork(parts)


async def none_waits(name: str) -> bool:
    """Jobs have no names here."""
    return False


runner = JobRunner(
    Queues(client_later("sqs")),
    Route(settings.queues[PACK], settings.dead_letters),
    {**{function_of(each): handler_of(each) for each in work.reactions()}, **work.handlers()},
    none_waits,
    parts.clock,
    begun_jobs(parts),
)


def handler(event: dict[str, Any], context: Any) -> object:
    """Run a batch of the queue."""
    return asyncio.run(runner.handle(event, time_left(context)))
