"""Runs reactions for the changes in their queue: QUADRANGLE_REACTIONS says which, by commas."""

import asyncio
import os
from typing import Any

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.base.jobs import aws_jobs, begun_jobs, time_left
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.services import reactions
from quadrangle.kernel.change import batch_handlers, function_of, handler_in_parts

parts = started("dynamodb")
settings = parts.environment
queues = Queues(client_later("sqs"))
names = os.environ["QUADRANGLE_REACTIONS"].split(",")
mine = [each for each in reactions(parts, queues) if each.name in names]

runner = JobRunner(
    queues,
    Route(settings.queues[names[0]], settings.dead_letters),
    {function_of(each): handler_in_parts(each) for each in mine},
    aws_jobs(parts, queues).waits,
    parts.clock,
    begun_jobs(parts),
    together={name: do for each in mine for name, do in batch_handlers(each).items()},
)


def handler(event: dict[str, Any], context: Any) -> object:
    """Run a batch of the queue."""
    return asyncio.run(runner.handle(event, time_left(context)))
