"""The outbox, under /api/mail/outbox (staff)."""

from typing import Annotated, TypeAlias

import msgspec
from litestar.params import JSONBody, QueryParameter

from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Id, Instant, email_of
from quadrangle.http.parameters import Cursor, PageSize, id_in_path, word_of
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.principal import Principal
from quadrangle.mail.model import MailState, OutboxEntry
from quadrangle.mail.search import LONGEST
from quadrangle.mail.service import MailService, ReadMail
from quadrangle.mail.set_up import Delivery, Setting

calls = Calls("Outbox")
MailId: TypeAlias = Annotated[str, id_in_path("mailId")]
SearchText: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        max_length=LONGEST, description="an address, the number of a report, words of the subject"
    ),
]


class MailItem(msgspec.Struct, kw_only=True, rename="camel"):
    """A mail and how its delivery went; instants in UTC."""

    mail_id: Id
    to: str
    subject: str
    state: MailState
    attempts: int
    last_error: str | None
    created_at: Instant
    sent_at: Instant | None
    next_attempt_at: Instant | None
    private: bool


class WholeMail(MailItem, kw_only=True, rename="camel"):
    """A mail with its contents. `html` holds what people typed, escaped.

    Both are null in a private mail unless an administrator reads it, and for everybody once
    `textKept` is false: then it cannot be sent again. `calendarMethod` is what the invitation in it
    tells calendar programs (REQUEST, CANCEL), null where there is none.
    """

    text: str | None
    html: str | None
    calendar_method: str | None
    text_kept: bool


class KeptSentAnswer(msgspec.Struct, rename="camel"):
    """Kept mails that were queued by this call, and those left for another."""

    queued: int
    left: int


class SetUpAnswer(msgspec.Struct, rename="camel"):
    """How mails leave, and by which settings. `server` is a name and a port, without a password;
    `statusWait` is in seconds."""

    delivery: Delivery
    server: Setting
    sender: Setting
    alerts: Setting
    links: Setting
    status_wait: Setting


class TrialBody(msgspec.Struct):
    to: Annotated[str, email_of()]


class TrialAnswer(msgspec.Struct):
    """To whom a mail was written, to try whether mails arrive."""

    to: str


class MailList(msgspec.Struct, rename="camel"):
    mails: list[MailItem]
    next_cursor: str | None
    counts: dict[MailState, int]


def _item(entry: OutboxEntry) -> MailItem:
    return MailItem(
        mail_id=entry.mail_id,
        to=entry.to,
        subject=entry.subject,
        state=entry.state,
        attempts=entry.attempts,
        last_error=entry.last_error,
        created_at=entry.created_at,
        sent_at=entry.sent_at,
        next_attempt_at=entry.next_attempt_at,
        private=entry.private,
    )


def _whole(found: ReadMail) -> WholeMail:
    item = msgspec.structs.asdict(_item(found.entry))
    return WholeMail(
        **item,
        text=found.text,
        html=found.html,
        calendar_method=found.calendar_method,
        text_kept=found.text_kept,
    )


@calls.get("/api/mail/outbox", "List mails, newest first (staff)", SIGNED_IN, fails=(400,))
async def list_outbox(
    principal: Injected[Principal],
    mail: Injected[MailService],
    # `state` itself is a name the framework keeps for its own
    mail_state: Annotated[str | None, word_of(MailState, "state")] = None,
    q: SearchText = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> MailList:
    wanted = MailState(mail_state) if mail_state else None
    view = await mail.view(wanted, q or "", limit, cursor, principal)
    return MailList([_item(e) for e in view.page.items], view.page.next_cursor, view.counts)


@calls.get("/api/mail/outbox/{mailId:str}", "One mail with its contents (staff)", SIGNED_IN)
async def read_mail(
    mail_id: MailId, principal: Injected[Principal], mail: Injected[MailService]
) -> WholeMail:
    return _whole(await mail.read(mail_id, principal))


@calls.post(
    "/api/mail/outbox/{mailId:str}/resend",
    "Have a mail sent again (staff)",
    SIGNED_IN,
    status=202,
    fails=(409,),
)
async def resend_mail(
    mail_id: MailId, principal: Injected[Principal], mail: Injected[MailService]
) -> MailItem:
    return _item(await mail.resend(mail_id, principal))


@calls.post(
    "/api/mail/outbox/send-kept",
    "Have the mails sent that were kept while no mail server was set (staff)",
    SIGNED_IN,
    status=202,
)
async def send_kept(principal: Injected[Principal], mail: Injected[MailService]) -> KeptSentAnswer:
    sent = await mail.resend_kept(principal)
    return KeptSentAnswer(sent.queued, sent.left)


@calls.post(
    "/api/mail/outbox/test",
    "Have a mail written to try whether mails arrive (administrators)",
    SIGNED_IN,
    status=202,
)
async def send_test(
    data: JSONBody[TrialBody], principal: Injected[Principal], mail: Injected[MailService]
) -> TrialAnswer:
    return TrialAnswer(await mail.send_test(data.to, principal))


@calls.get(
    "/api/mail/outbox/set-up",
    "How mails leave, and which settings say so (administrators)",
    SIGNED_IN,
)
async def mail_set_up(principal: Injected[Principal], mail: Injected[MailService]) -> SetUpAnswer:
    return SetUpAnswer(**msgspec.structs.asdict(mail.set_up(principal)))


ROUTES = [list_outbox, mail_set_up, read_mail, resend_mail, send_kept, send_test]
