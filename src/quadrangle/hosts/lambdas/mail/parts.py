"""The outbox of a function."""

from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.mail.outbox import DynamoOutbox
from quadrangle.hosts.lambdas.base.jobs import aws_jobs
from quadrangle.hosts.lambdas.base.parts import FunctionParts


def outbox_of(parts: FunctionParts, queues: Queues) -> DynamoOutbox:
    """Return it; `queues` are where deliveries wait."""
    return DynamoOutbox(parts.dynamo, parts.tables, aws_jobs(parts, queues), parts.clock)
