"""The outbox, under /api/mail/outbox (staff)."""

from typing import Annotated, TypeAlias

import msgspec
from litestar import get, post

from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, Id, Instant, problems
from quadrangle.http.parameters import Cursor, PageSize, id_in_path, word_of
from quadrangle.kernel.principal import Principal
from quadrangle.mail.model import MailState, OutboxEntry
from quadrangle.mail.service import MailService, ReadMail

TAGS = ["Outbox"]
MailId: TypeAlias = Annotated[str, id_in_path("mailId")]


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

    Both are null in a private mail unless an administrator reads it.
    """

    text: str | None
    html: str | None


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
    return WholeMail(**item, text=found.text, html=found.html)


@get(
    "/api/mail/outbox",
    return_dto=None,
    summary="List mails, newest first (staff)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403),
)
async def list_outbox(
    principal: Injected[Principal],
    mail: Injected[MailService],
    # `state` itself is a name the framework keeps for its own
    mail_state: Annotated[str | None, word_of(MailState, "state")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> MailList:
    wanted = MailState(mail_state) if mail_state else None
    view = await mail.view(wanted, limit, cursor, principal)
    return MailList([_item(e) for e in view.page.items], view.page.next_cursor, view.counts)


@get(
    "/api/mail/outbox/{mailId:str}",
    return_dto=None,
    summary="One mail with its contents (staff)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403, 404),
)
async def read_mail(
    mail_id: MailId, principal: Injected[Principal], mail: Injected[MailService]
) -> WholeMail:
    return _whole(await mail.read(mail_id, principal))


@post(
    "/api/mail/outbox/{mailId:str}/resend",
    return_dto=None,
    status_code=202,
    summary="Have a mail sent again (staff)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403, 404, 409),
)
async def resend_mail(
    mail_id: MailId, principal: Injected[Principal], mail: Injected[MailService]
) -> MailItem:
    return _item(await mail.resend(mail_id, principal))


ROUTES = [list_outbox, read_mail, resend_mail]
