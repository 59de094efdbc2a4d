"""Answers requests about the outbox, dead jobs and whether everything works."""

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.base.tables import SETTINGS
from quadrangle.aws.jobs.dead_letters import SqsDeadLetters
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.accounts.parts import account_service
from quadrangle.hosts.lambdas.base.http import common_of, handler_of
from quadrangle.hosts.lambdas.base.jobs import aws_jobs
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.mail.parts import campus_on_mails, outbox_of
from quadrangle.hosts.shared.http_app import RouteGroup
from quadrangle.mail import http as mail_routes
from quadrangle.mail.service import MailService
from quadrangle.mail.set_up import Delivery, MailSetUp, Setting
from quadrangle.operation import http_dead_letters as job_routes
from quadrangle.operation import http_health as health_routes
from quadrangle.operation.service import Operation

parts = started("dynamodb")
accounts = account_service(parts)
queues = Queues(client_later("sqs"))
jobs = aws_jobs(parts, queues)
outbox = outbox_of(parts, queues)
dead_letters = SqsDeadLetters(queues, parts.environment.dead_letters, jobs)


# The names are those of the parameters of deploy/aws/template.yaml.
SET_UP = MailSetUp(
    delivery=Delivery.SES,
    server=Setting("", None),
    sender=Setting("MailFrom", parts.environment.mail_from or None),
    alerts=Setting("AdminEmail", parts.environment.admin_email or None),
    links=Setting("PublicUrl", parts.environment.public_url or None),
    status_wait=Setting("", None),
)


# Whether there is such an item does not matter.
ANY_KEY = {"name": "health"}


async def check_database() -> None:
    """Raise Unavailable when the tables cannot be read."""
    parts.dynamo.get(parts.tables.of(SETTINGS), ANY_KEY)


handler = handler_of(
    parts.environment,
    RouteGroup(
        [*mail_routes.ROUTES, *job_routes.ROUTES, *health_routes.HEALTH],
        [
            MailService(outbox, parts.clock, parts.acts, campus_on_mails(parts), SET_UP),
            Operation(dead_letters, parts.acts, check_database),
        ],
    ),
    common_of(parts, accounts.authentication),
)
