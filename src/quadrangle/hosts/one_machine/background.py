"""Assembles what goes on beside requests: apart from the other parts, as only a worker loads it."""

from quadrangle.accounts.reactions import AccountReactions
from quadrangle.hosts.one_machine.parts import Parts
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.issues.mails import Links
from quadrangle.issues.reactions import IssueReactions
from quadrangle.issues.triage import Triage
from quadrangle.kernel.mail import MailTransport
from quadrangle.machine.mail.smtp import SmtpTransport
from quadrangle.mail.ports import NoTransport
from quadrangle.mail.reactions import DELIVER, MAIL_POLICY, MailDelivery
from quadrangle.sql.audit.projection import AuditProjection
from quadrangle.sql.feed.dispatch import Dispatcher
from quadrangle.sql.issues.projection import IssueProjection
from quadrangle.sql.jobs.worker import Worker


def mail_transport(settings: Settings) -> MailTransport:
    """Return the way mails leave: the SMTP server that is set, else none.

    Raises ValueError when mails could not be sent as the settings say.
    """
    if settings.smtp_url is None:
        return NoTransport()
    return SmtpTransport(settings.smtp_url, settings.mail_from)


class Background:
    """All that goes on beside requests: reactions, projections and jobs."""

    def __init__(self, parts: Parts) -> None:
        settings = parts.settings
        accounts = parts.accounts()
        self.transport = mail_transport(settings)
        triage = Triage(parts.issues, parts.catalogs, accounts.staff, parts.clock)
        reactions = IssueReactions(
            parts.issues, parts.outbox, triage, Links(settings.public_url), settings.admin_email
        )
        of_accounts = AccountReactions(
            parts.account_store, parts.outbox, accounts.links, accounts.erasers, parts.clock
        )
        self.dispatcher = Dispatcher(
            parts.database,
            [*reactions.all(), *of_accounts.all()],
            [IssueProjection(), AuditProjection(parts.audit_key())],
            parts.clock,
        )
        delivery = MailDelivery(parts.outbox, self.transport, parts.clock)
        self.worker = Worker(
            parts.database,
            {**self.dispatcher.handlers(), DELIVER: delivery.deliver},
            parts.clock,
            policy={DELIVER: MAIL_POLICY},
        )
