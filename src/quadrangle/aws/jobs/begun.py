"""How often a job was begun that never came to an end, by the message that carries it.

SQS counts how often it hands a message out, also when AWS then had no container for it. So what a
job used up is noted here as it begins: only from the second time on that a message is handed out,
as nearly all jobs end the first time, and a note each would cost more than their queue.
"""

from collections.abc import Callable
from datetime import timedelta

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import ATTEMPTS, EXPIRES, Tables
from quadrangle.kernel.clock import Clock

KEPT = timedelta(days=15)  # a queue keeps a message for 14

# Notes that the job of a message begins, and returns how often it was noted, this time included.
Begun = Callable[[str], int]


def begun_in(dynamo: Dynamo, tables: Tables, clock: Clock) -> Begun:
    """Return what counts in the table of attempts. It raises Unavailable."""

    def begun(message_id: str) -> int:
        ends = int((clock.now() + KEPT).timestamp())
        key = {"messageId": message_id}
        return dynamo.count_one(tables.of(ATTEMPTS), key, "begun", {EXPIRES: ends})

    return begun
