"""Follows the stream of changes: sends each to the queue of every reaction to it."""

from typing import Any

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.feed.dispatch import StreamDispatcher
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.services import reactions

parts = started("sqs")
queues = Queues(client_later("sqs"))
dispatcher = StreamDispatcher(
    queues, reactions(parts, queues), parts.environment.queues, parts.clock
)


def handler(event: dict[str, Any], _: object) -> object:
    """Hand on a batch of the stream."""
    return dispatcher.handle(event)
