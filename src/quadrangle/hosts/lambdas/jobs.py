"""The jobs of a function: queues and schedules as the environment names them."""

from quadrangle.aws.clients import client_later
from quadrangle.aws.jobs import AwsJobs
from quadrangle.aws.queues import Queues
from quadrangle.aws.schedules import Schedules
from quadrangle.hosts.lambdas.parts import Parts
from quadrangle.kernel.change import called


def aws_jobs(parts: Parts, queues: Queues) -> AwsJobs:
    """Return what puts and cancels jobs."""
    settings = parts.environment
    scheduler = client_later("scheduler")
    schedules = Schedules(scheduler, settings.schedule_group, settings.scheduler_role)
    functions = {**settings.queues, **{called(name): url for name, url in settings.queues.items()}}
    return AwsJobs(queues, schedules, functions, parts.clock)
