"""Follows the stream of changes: sends each to the queue of every reaction to its kind."""

from typing import Any

from quadrangle.aws.clients import client
from quadrangle.aws.dispatch import StreamDispatcher
from quadrangle.aws.queues import Queues
from quadrangle.hosts.lambdas.parts import Parts
from quadrangle.hosts.lambdas.reactions import reactions
from quadrangle.hosts.logs import configure_logs

parts = Parts()
configure_logs(parts.environment.log_level)
queues = Queues(client("sqs"))
dispatcher = StreamDispatcher(
    queues, reactions(parts, queues), parts.environment.queues, parts.clock
)


def handler(event: dict[str, Any], _: object) -> object:
    """Hand on a batch of the stream."""
    return dispatcher.handle(event)
