"""Launches and ends desktops, and asks whether they are well: what no other function does.

Schedules, events of EC2 and reactions to changes each put a job in its queue, which only has a
meeting looked at. It never sends to that queue itself: a later look is a schedule.
"""

import asyncio
from typing import Any

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.base.jobs import aws_jobs, begun_jobs, time_left
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.meetings.reconciliation import LOOK_POLICY, Reconciliation
from quadrangle.meetings.settling.watching import SETTLE

parts = started("dynamodb")
settings = parts.environment
queues = Queues(client_later("sqs"))
jobs = aws_jobs(parts, queues)
runner = JobRunner(
    queues,
    Route(settings.queues[SETTLE], settings.dead_letters),
    Reconciliation(parts, jobs).handlers(),
    jobs.waits,
    parts.clock,
    begun_jobs(parts),
    policy=LOOK_POLICY,
)


def handler(event: dict[str, Any], context: Any) -> object:
    """Run a batch of the queue."""
    return asyncio.run(runner.handle(event, time_left(context)))
