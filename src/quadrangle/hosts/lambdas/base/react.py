"""Runs one reaction for the changes in its queue: QUADRANGLE_REACTION says which."""

import asyncio
import os
from typing import Any

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.base.jobs import aws_jobs, begun_jobs
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.services import reactions
from quadrangle.kernel.change import batch_handlers, function_of, handler_in_parts

parts = started("dynamodb")
settings = parts.environment
queues = Queues(client_later("sqs"))
name = os.environ["QUADRANGLE_REACTION"]
reaction = next(each for each in reactions(parts, queues) if each.name == name)

runner = JobRunner(
    queues,
    Route(settings.queues[name], settings.dead_letters),
    {function_of(reaction): handler_in_parts(reaction)},
    aws_jobs(parts, queues).waits,
    parts.clock,
    begun_jobs(parts),
    together=batch_handlers(reaction),
)


def handler(event: dict[str, Any], _: object) -> object:
    """Run a batch of the queue."""
    return asyncio.run(runner.handle(event))
