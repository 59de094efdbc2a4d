"""The outbox of a function, and the name of the campus on its mails."""

from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.mail.outbox import DynamoOutbox
from quadrangle.hosts.lambdas.base.jobs import aws_jobs
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.mail.campus import CampusOnMails


def outbox_of(parts: FunctionParts, queues: Queues) -> DynamoOutbox:
    """Return it; `queues` are where deliveries wait."""
    return DynamoOutbox(parts.dynamo, parts.tables, aws_jobs(parts, queues), parts.clock)


def campus_on_mails(parts: FunctionParts) -> CampusOnMails:
    async def name() -> str:
        # with the first mail: not all that knows of mails shows one
        from quadrangle.aws.issues.catalog import DynamoCatalogStore

        return (await DynamoCatalogStore(parts.dynamo, parts.tables).load()).campus_name

    return CampusOnMails(name)
