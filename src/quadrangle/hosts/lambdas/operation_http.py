"""Answers requests about the outbox, dead jobs and whether everything works."""

from quadrangle.aws.clients import client_later
from quadrangle.aws.dead_letters import SqsDeadLetters
from quadrangle.aws.outbox import DynamoOutbox
from quadrangle.aws.queues import Queues
from quadrangle.hosts import operation
from quadrangle.hosts.lambdas.account_parts import account_service
from quadrangle.hosts.lambdas.http import handler_of
from quadrangle.hosts.lambdas.jobs import aws_jobs
from quadrangle.hosts.lambdas.start import started
from quadrangle.http import jobs as job_routes
from quadrangle.mail import http as mail_routes
from quadrangle.mail.service import MailService

parts = started("dynamodb")
settings = parts.environment
accounts = account_service(parts)
queues = Queues(client_later("sqs"))
jobs = aws_jobs(parts, queues)
outbox = DynamoOutbox(parts.dynamo, parts.tables, jobs, parts.clock)


async def check_database() -> None:
    """Raise Unavailable when the tables cannot be read."""
    await parts.catalog_store.load()


handler = handler_of(
    settings,
    [*mail_routes.ROUTES, *job_routes.ROUTES, operation.health],
    {
        "authenticator": accounts.authentication,
        "mail": MailService(outbox, parts.clock, parts.acts),
        "dead_letters": SqsDeadLetters(queues, list(settings.dead_queues.values()), jobs),
        "acts": parts.acts,
        "check_database": check_database,
    },
)
