"""The mail service on one machine."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.service import ServiceHost, Task
from quadrangle.hosts.one_machine.settings import Settings, SettingsError
from quadrangle.kernel.jobs import NewJob
from quadrangle.kernel.mail import MailReview, MailTransport
from quadrangle.mail.campus import CampusOnMails
from quadrangle.mail.declared import MAIL
from quadrangle.mail.forgetting import TextForgetting
from quadrangle.mail.message import parse_sender
from quadrangle.mail.model import FORGET_TEXTS
from quadrangle.mail.ports import NoTransport
from quadrangle.mail.public_links import PublicLinks
from quadrangle.mail.reactions import DELIVER, MAIL_POLICY, MailDelivery
from quadrangle.mail.service import MailService
from quadrangle.mail.set_up import Delivery, MailSetUp, Setting
from quadrangle.sql.feed.consumers import Batch, MailSource
from quadrangle.sql.mail.batch import MailBatch
from quadrangle.sql.mail.outbox import SqlOutbox

if TYPE_CHECKING:
    from quadrangle.hosts.shared.http_app import RouteGroup
    from quadrangle.http.common import Common
    from quadrangle.http.metrics import Figure


class MailHost(ServiceHost):
    declared = MAIL

    def __init__(
        self, parts: MachineParts, campus: CampusOnMails, reviews: Sequence[MailReview] = ()
    ) -> None:
        """`reviews` are those of services, of their own mails."""
        self._campus = campus
        self._parts = parts
        self._reviews = reviews
        self._transport: MailTransport | None = None
        delivers = parts.settings.smtp_url is not None
        self.outbox = SqlOutbox(parts.following, parts.clock, delivers=delivers)

    @property
    def sender(self) -> tuple[str, str]:
        """The name and the address that mails come from."""
        sender = parse_sender(self._parts.settings.mail_from)
        return sender.name, sender.address

    def in_batches(self, source: MailSource) -> Batch:
        """Return what writes mails of a service for many changes at once."""
        return MailBatch(source, self.outbox)

    @classmethod
    def check_settings(cls, settings: Settings) -> None:
        try:
            _transport(settings)
        except ValueError as error:
            raise SettingsError(f"Mails cannot be sent. {error}") from error

    async def first_start(self) -> list[str]:
        """Have texts go whose time is over, now and from then on every day."""
        await self._parts.jobs.put(NewJob(FORGET_TEXTS, {}, name=FORGET_TEXTS))
        return []

    def http(self, common: "Common") -> "RouteGroup":
        from quadrangle.hosts.shared.http_app import RouteGroup
        from quadrangle.mail.http import ROUTES

        parts = self._parts
        shown = _set_up(parts.settings)
        service = MailService(self.outbox, parts.clock, parts.acts, self._campus, shown)
        return RouteGroup(ROUTES, [service])

    def figures(self) -> "Sequence[Figure]":
        from quadrangle.http.metrics import Figure

        return [Figure("quadrangle_mails", "Mails in the outbox", self.outbox.counts, "state")]

    def tasks(self) -> Mapping[str, Task]:
        self._transport = _transport(self._parts.settings)
        settings = self._parts.settings
        # where no server is set, nothing leaves that could be over
        own = PublicLinks(settings.public_url, settings.port)
        reviews = (*self._reviews, own, self._campus) if settings.smtp_url else ()
        clock = self._parts.clock
        delivery = MailDelivery(self.outbox, self._transport, clock, reviews=reviews)
        jobs, days = self._parts.jobs, settings.mail_text_days
        forgetting = TextForgetting(self.outbox, jobs, clock, days)
        return {DELIVER: Task(delivery.deliver, MAIL_POLICY), FORGET_TEXTS: Task(forgetting.handle)}

    async def close(self) -> None:
        if self._transport is not None:
            await self._transport.close()


def _set_up(settings: Settings) -> MailSetUp:
    from quadrangle.machine.mail.smtp_url import parse

    server = parse(settings.smtp_url).name if settings.smtp_url else None
    return MailSetUp(
        delivery=Delivery.SMTP if server else Delivery.OUTBOX,
        server=Setting("QUADRANGLE_SMTP_URL", server),
        sender=Setting("QUADRANGLE_MAIL_FROM", settings.mail_from),
        alerts=Setting("QUADRANGLE_ADMIN_EMAIL", settings.admin_email),
        links=Setting("QUADRANGLE_PUBLIC_URL", settings.public_url),
        status_wait=Setting("QUADRANGLE_STATUS_MAIL_WAIT", str(settings.status_mail_wait)),
    )


def _transport(settings: Settings) -> MailTransport:
    """Return the way mails leave: the SMTP server that is set, else none.

    Raises ValueError when mails could not be sent as the settings say.
    """
    if settings.smtp_url is None:
        return NoTransport()
    from quadrangle.machine.mail.smtp import SmtpTransport

    return SmtpTransport(settings.smtp_url, settings.mail_from)
