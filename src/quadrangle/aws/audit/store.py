"""Reading the audit on DynamoDB. aws/audit/keeper.py writes it, aws/audit/check.py checks it."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from quadrangle.audit.ports import AuditQuery
from quadrangle.audit.rules import AuditRecord
from quadrangle.aws.audit.items import RECORDS, record_key
from quadrangle.aws.audit.tables import AUDIT
from quadrangle.aws.base.dynamo import Dynamo, Query
from quadrangle.aws.base.items import struct_of
from quadrangle.aws.base.tables import Tables
from quadrangle.kernel.page import CursorNumber, Page, decode_cursor, encode_cursor


class DynamoAudit:
    """Implements accounts.audit.AuditStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(AUDIT)

    async def page(self, query: AuditQuery, limit: int, cursor: str | None) -> Page[AuditRecord]:
        wanted = self._query(query)
        if cursor is not None:
            before = record_key(decode_cursor(cursor, CursorNumber))["part"]
            wanted = msgspec.structs.replace(
                wanted,
                condition="#key = :key AND #part < :part",
                values={**wanted.values, "part": before},
            )
        newest = msgspec.structs.replace(wanted, newest_first=True)
        found: list[AuditRecord] = []
        for values in self._dynamo.query(newest):
            if len(found) == limit:
                return Page(found, encode_cursor(found[-1].seq))
            found.append(struct_of(AuditRecord, values))
        return Page(found)

    async def stream(self, query: AuditQuery) -> AsyncIterator[AuditRecord]:
        for values in self._dynamo.query(self._query(query)):
            yield struct_of(AuditRecord, values)

    def _query(self, query: AuditQuery) -> Query:
        conditions, values = _narrowed(query)
        narrowed = " AND ".join(conditions) or None
        return Query(self._table, "#key = :key", {"key": RECORDS, **values}, narrowed=narrowed)


def _narrowed(query: AuditQuery) -> tuple[list[str], dict[str, Any]]:
    values: dict[str, Any] = {}
    conditions = []
    if query.kind is not None:
        group = query.kind.endswith(".")
        conditions.append("begins_with(#kind, :kind)" if group else "#kind = :kind")
        values["kind"] = query.kind
    for name, sign, value in (
        ("actorId", "=", query.actor_id),
        ("subject", "=", query.subject),
        ("at", ">=", query.first_at),
        ("at", "<=", query.last_at),
    ):
        if value is not None:
            given = f"v{len(values)}"
            conditions.append(f"#{name} {sign} :{given}")
            values[given] = value
    return conditions, values
