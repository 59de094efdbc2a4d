"""Runs all reactions of meetings, and their reminders: one queue for what is seldom and short."""

import asyncio
from typing import Any

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.base.jobs import aws_jobs, begun_jobs, time_left
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.mail.parts import outbox_of
from quadrangle.hosts.lambdas.meetings.reactions import MeetingWork
from quadrangle.kernel.change import function_of, handler_in_parts
from quadrangle.meetings.calendar.reminders import REMIND

parts = started("dynamodb")
settings = parts.environment
queues = Queues(client_later("sqs"))
work = MeetingWork(parts, outbox_of(parts, queues))

runner = JobRunner(
    queues,
    Route(settings.queues[REMIND], settings.dead_letters),
    {**{function_of(each): handler_in_parts(each) for each in work.reactions()}, **work.handlers()},
    aws_jobs(parts, queues).waits,
    parts.clock,
    begun_jobs(parts),
)


def handler(event: dict[str, Any], context: Any) -> object:
    """Run a batch of the queue."""
    return asyncio.run(runner.handle(event, time_left(context)))
