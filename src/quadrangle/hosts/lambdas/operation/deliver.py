"""Hands the mails in the queue to SES."""

import asyncio
from typing import Any

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.mail.ses import SesTransport
from quadrangle.hosts.lambdas.base.jobs import aws_jobs, begun_jobs, time_left
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.mail.parts import campus_on_mails, outbox_of
from quadrangle.mail.reactions import DELIVER, MAIL_POLICY, MailDelivery

parts = started("dynamodb", "sesv2")
settings = parts.environment
queues = Queues(client_later("sqs"))
jobs = aws_jobs(parts, queues)
transport = SesTransport(client_later("sesv2"), settings.mail_from, parts.clock)
delivery = MailDelivery(
    outbox_of(parts, queues), transport, parts.clock, reviews=[campus_on_mails(parts)]
)
runner = JobRunner(
    queues,
    Route(settings.queues[DELIVER], settings.dead_letters),
    {DELIVER: delivery.deliver},
    jobs.waits,
    parts.clock,
    begun_jobs(parts),
    policy={DELIVER: MAIL_POLICY},
)


def handler(event: dict[str, Any], context: Any) -> object:
    """Deliver a batch of the queue."""
    return asyncio.run(runner.handle(event, time_left(context)))
