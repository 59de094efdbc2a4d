"""The audit, for administrators to read and export."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, TypeAlias

import msgspec
from litestar import Response
from litestar.params import QueryParameter

from quadrangle.audit.ports import AuditQuery
from quadrangle.audit.reading import Audit, ShownRecord
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.answers.csv_files import csv_pieces
from quadrangle.http.answers.downloads import Downloads
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Id, Instant, elsewhere
from quadrangle.http.parameters import Cursor, instant_in
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.principal import Principal

calls = Calls("Audit")
_LONGEST = 100
_NO_NUL = r"^[^\u0000]*$"  # which PostgreSQL cannot be asked for

Kind: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        pattern=r"^([a-z-]+\.[a-z-]*)?$",
        max_length=_LONGEST,
        description="one kind, or with a dot at its end all that begin so: `account.`",
    ),
]
Who: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        name="accountId", max_length=_LONGEST, pattern=_NO_NUL, description="who did it"
    ),
]
Subject: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        max_length=_LONGEST, pattern=_NO_NUL, description="the id of what it was done to"
    ),
]
_INSTANT = {"format": "date-time"}
From: TypeAlias = Annotated[
    str | None, QueryParameter(name="from", max_length=40, schema_extra=_INSTANT)
]
To: TypeAlias = Annotated[
    str | None, QueryParameter(name="to", max_length=40, schema_extra=_INSTANT)
]
Limit: TypeAlias = Annotated[int, QueryParameter(ge=1, le=200)]


class RecordBody(msgspec.Struct, kw_only=True, rename="camel"):
    """One act. `subjectName` is null where the subject is no account or API key."""

    seq: int
    at: Instant
    kind: str
    subject: str
    subject_name: str | None
    actor_id: Id | None
    actor_name: str
    origin: str | None
    details: dict[str, Any]


class AuditPage(msgspec.Struct, rename="camel"):
    """Records, the newest first."""

    records: list[RecordBody]
    next_cursor: str | None


@calls.get("/api/accounts/audit", "Who did what, newest first (admin)", SIGNED_IN, fails=(400,))
async def audit_records(
    principal: Injected[Principal],
    audit: Injected[Audit],
    kind: Kind = None,
    account_id: Who = None,
    subject: Subject = None,
    first: From = None,
    last: To = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response[AuditPage]:
    query = _query(kind, account_id, subject, first, last)
    page = await audit.page(query, limit, cursor or None, principal)
    answer = AuditPage([_body(shown) for shown in page.items], page.next_cursor)
    return Response(answer, headers=PRIVATE)


COLUMNS = (
    *("seq", "at", "kind", "subject", "subject_name", "actor_id", "actor_name", "origin"),
    *("details", "change_seq", "hash"),
)


@calls.get(
    "/api/accounts/audit.csv",
    "Export the audit as CSV, oldest first, with the hashes (admin)",
    SIGNED_IN,
    fails=(400,),
    answers=elsewhere(),
    media_type="text/csv",
)
async def export_audit(
    principal: Injected[Principal],
    audit: Injected[Audit],
    downloads: Injected[Downloads],
    kind: Kind = None,
    account_id: Who = None,
    subject: Subject = None,
    first: From = None,
    last: To = None,
) -> Response[Any]:
    query = _query(kind, account_id, subject, first, last)
    day, records = await audit.export(query, principal)
    return await downloads.answer(f"audit-{day}.csv", csv_pieces(COLUMNS, _rows(records)))


def _query(
    kind: str | None,
    account_id: str | None,
    subject: str | None,
    first: str | None,
    last: str | None,
) -> AuditQuery:
    return AuditQuery(
        kind=kind or None,
        actor_id=account_id or None,
        subject=subject or None,
        first_at=instant_in("from", first),
        last_at=instant_in("to", last),
    )


def _body(shown: ShownRecord) -> RecordBody:
    record = shown.record
    return RecordBody(
        seq=record.seq,
        at=record.at,
        kind=record.kind,
        subject=record.subject,
        subject_name=shown.subject_name,
        actor_id=record.actor_id,
        actor_name=shown.actor_name,
        origin=record.origin,
        details=shown.details,
    )


async def _rows(records: AsyncIterator[ShownRecord]) -> AsyncIterator[list[object]]:
    async for shown in records:
        record = shown.record
        names = {"subject_name": shown.subject_name, "actor_name": shown.actor_name}
        yield [names[column] if column in names else getattr(record, column) for column in COLUMNS]


ROUTES: list[Any] = [audit_records, export_audit]
