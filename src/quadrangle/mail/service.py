"""What staff does with the outbox: look, and have mails sent again, one or all that was kept."""

import contextlib
from typing import ClassVar

import msgspec

from quadrangle.kernel.acts import Acts
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal, require_admin, require_staff
from quadrangle.kernel.text import Checked
from quadrangle.mail.campus import CampusOnMails
from quadrangle.mail.model import MailState, OutboxEntry
from quadrangle.mail.ports import Outbox
from quadrangle.mail.search import search_for
from quadrangle.mail.set_up import MailSetUp
from quadrangle.mail.trial import trial

KEPT_AT_ONCE = 500  # mails queued by one call


class KeptSent(msgspec.Struct, frozen=True):
    """How many kept mails were queued, and how many are left for another call."""

    queued: int
    left: int


class OutboxView(msgspec.Struct, frozen=True):
    """A page of the outbox, and how many mails there are of every state."""

    page: Page[OutboxEntry]
    counts: dict[MailState, int]


class ReadMail(msgspec.Struct, frozen=True):
    """A mail as someone may read it; without its contents where they are withheld.

    `calendar_method` is that of the invitation in it, None where there is none. `text_kept` is
    False once what it said is gone for everybody.
    """

    entry: OutboxEntry
    text: str | None
    html: str | None
    calendar_method: str | None
    text_kept: bool


class MailService:
    """The outbox, for staff. Every call raises NotSignedIn, Forbidden, Unavailable."""

    injected_as: ClassVar[str] = "mail"

    def __init__(
        self, outbox: Outbox, clock: Clock, acts: Acts, campus: CampusOnMails, set_up: MailSetUp
    ) -> None:
        self._set_up = set_up
        self._campus = campus
        self._outbox = outbox
        self._acts = acts
        self._clock = clock

    async def view(
        self, state: MailState | None, typed: str, limit: int, cursor: str | None, actor: Principal
    ) -> OutboxView:
        """Return mails newest first, those whose address or subject has what was `typed`; the
        counts are of all. Raises InvalidInput for a cursor that is not ours."""
        require_staff(actor)
        page = await self._outbox.page(state, limit, cursor, search_for(typed))
        return OutboxView(page, await self._outbox.counts())

    async def read(self, mail_id: str, actor: Principal) -> ReadMail:
        """Return one mail, with its contents where the actor may see them. Raises NotFound.

        A private one opens somebody's account: staff sees that it was written and how it fared.
        """
        require_staff(actor)
        found = await self._outbox.get(mail_id) if is_id(mail_id) else None
        if found is None:
            raise NotFound("Mail not found")
        method = found.mail.calendar.method if found.mail.calendar else None
        if not found.text_kept or (found.entry.private and not actor.is_admin):
            return ReadMail(found.entry, None, None, method, found.text_kept)
        shown = await self._campus.named(found.mail)
        return ReadMail(found.entry, shown.text, shown.html, method, text_kept=True)

    async def resend(self, mail_id: str, actor: Principal) -> OutboxEntry:
        """Have a mail sent again, also one that was sent. Raises NotFound, Conflict."""
        require_staff(actor)
        if not is_id(mail_id):
            raise NotFound("Mail not found")
        entry = await self._outbox.requeue(mail_id, self._clock.now())
        await self._acts.note("mail.resent", mail_id, actor)
        return entry

    def set_up(self, actor: Principal) -> MailSetUp:
        """Return how mails leave, and which settings say so. For administrators."""
        require_admin(actor)
        return self._set_up

    async def send_test(self, to: str, actor: Principal) -> str:
        """Write a mail by which an administrator sees whether mails arrive; return to whom.

        How it fared is in the outbox. Raises InvalidInput.
        """
        require_admin(actor)
        checked = Checked()
        address = checked.optional_email("to", to)
        if address is None and not checked.errors:
            checked.fault("to", "Please enter an e-mail address such as name@campus.example.")
        if checked.errors or address is None:
            raise InvalidInput(checked.errors)
        mail = trial(new_id(), address, actor.name)
        await self._outbox.enqueue(mail)
        await self._acts.note("mail.tried", mail.key, actor)
        return address

    async def resend_kept(self, actor: Principal) -> KeptSent:
        """Have the mails sent that were kept while no mail server was set, the oldest of the
        newest 500 first. What is over by now is not sent, and says so."""
        require_staff(actor)
        found = await self._outbox.page(MailState.KEPT, KEPT_AT_ONCE, None)
        queued = 0
        for entry in reversed(found.items):
            with contextlib.suppress(Conflict):  # queued by somebody else, or erased
                await self._outbox.requeue(entry.mail_id, self._clock.now())
                await self._acts.note("mail.resent", entry.mail_id, actor)
                queued += 1
        return KeptSent(queued, (await self._outbox.counts())[MailState.KEPT])
