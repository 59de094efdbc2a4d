"""All that goes on beside requests: reactions, projections and jobs of every service."""

from quadrangle.hosts.one_machine.readiness import WORKER
from quadrangle.hosts.one_machine.services import Services
from quadrangle.sql.feed.dispatch import Dispatcher
from quadrangle.sql.feed.requests import JobRequests
from quadrangle.sql.jobs.pulse import Pulse
from quadrangle.sql.jobs.worker import Worker


class Background:
    """What follows the change feed, what runs jobs, and what tells that both do."""

    def __init__(self, services: Services) -> None:
        parts, hosts = services.parts, services.all
        self.pulse = Pulse(parts.following, WORKER, parts.clock)
        self.dispatcher = Dispatcher(
            parts.following,
            [reaction for host in hosts for reaction in host.reactions()],
            [projection for host in hosts for projection in host.projections()],
            parts.clock,
            self.pulse,
            [batch for host in hosts for batch in host.batches()],
            parts.signal,
        )
        self.requests = JobRequests(parts.database, parts.following)
        tasks = {function: task for host in hosts for function, task in host.tasks().items()}
        self.worker = Worker(
            parts.following,
            {
                **self.dispatcher.handlers(),
                **{function: task.handle for function, task in tasks.items()},
            },
            parts.clock,
            policy={function: task.policy for function, task in tasks.items()},
            comes_round=self.pulse.follow("jobs"),
        )
