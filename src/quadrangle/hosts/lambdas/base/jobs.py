"""The jobs of a function: queues and schedules as the environment names them."""

from collections.abc import Callable
from typing import Any

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.jobs.begun import Begun, begun_in
from quadrangle.aws.jobs.jobs import AwsJobs
from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.jobs.schedules import Schedules
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.kernel.change import called


def begun_jobs(parts: FunctionParts) -> Begun:
    """Return what counts how often jobs began that never came to an end."""
    return begun_in(parts.dynamo, parts.tables, parts.clock)


def time_left(context: Any) -> Callable[[], float]:
    """Return what tells how many seconds a call of Lambda has left; `context` is what it gives."""
    return lambda: context.get_remaining_time_in_millis() / 1000


def aws_jobs(parts: FunctionParts, queues: Queues) -> AwsJobs:
    """Return what puts and cancels jobs."""
    settings = parts.environment
    scheduler = client_later("scheduler")
    schedules = Schedules(scheduler, settings.schedule_group, settings.scheduler_role)
    functions = {**settings.queues, **{called(name): url for name, url in settings.queues.items()}}
    return AwsJobs(queues, schedules, functions, parts.clock)
