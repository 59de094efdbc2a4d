"""Follows the stream of changes: sends each to the queue of every reaction to it.

Asked for by hand (`make dispatch-aws`), it does so again with changes since an instant.
"""

from typing import Any

import msgspec

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


HANDED_OVER_MS = 15_000  # before the end of a call; a hundred changes take a second or two


def handler(event: dict[str, Any], context: Any) -> object:
    """Hand on a batch of the stream, or changes `since` an instant; the answer says where to go on
    with these. Raises Unavailable."""
    if "Records" in event:
        return dispatcher.handle(event)
    from quadrangle.aws.feed.again import Again, hand_on_again

    again = msgspec.convert(event, Again)

    def is_time() -> bool:
        return context.get_remaining_time_in_millis() > HANDED_OVER_MS

    return msgspec.to_builtins(
        hand_on_again(parts.dynamo, parts.tables, dispatcher, again, is_time)
    )
