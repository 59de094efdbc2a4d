"""Follows the stream of changes: sends each to the queue of every reaction to it."""

from typing import Any

from quadrangle.aws.clients import client_later
from quadrangle.aws.dispatch import StreamDispatcher
from quadrangle.aws.queues import Queues
from quadrangle.hosts.lambdas.reactions import reactions
from quadrangle.hosts.lambdas.start import started

parts = started("sqs")
queues = Queues(client_later("sqs"))
dispatcher = StreamDispatcher(
    queues, reactions(parts, queues), parts.environment.queues, parts.clock
)


def handler(event: dict[str, Any], _: object) -> object:
    """Hand on a batch of the stream."""
    return dispatcher.handle(event)
