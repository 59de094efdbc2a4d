"""The audit on DynamoDB: records, the end of their chain, and which changes have one.

A record, the chain's new end and the mark of its change are written in one transaction under the
condition that the end is as it was read and the change has no mark. So a change that comes again is
passed by, and two that come at once follow each other.
"""

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from quadrangle.accounts.audit import AuditQuery
from quadrangle.accounts.audit_rules import AuditRecord, Head, chained, draft, matters
from quadrangle.aws.account_items import NEW, alone
from quadrangle.aws.dynamo import Dynamo, Query, put
from quadrangle.aws.items import Values, struct_of, values_of
from quadrangle.aws.optimistic import until_won
from quadrangle.aws.tables import Tables
from quadrangle.kernel.change import Change
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor

_LIST = "audit"
_DIGITS = 12  # of a record's number, so that texts sort as numbers do
_END = alone("audit-end", "all")
_UNCHANGED = "#seq = :before"


class DynamoAuditKeeper:
    """Writes records; `key` chains them. Safe to call again with the same change."""

    def __init__(self, dynamo: Dynamo, tables: Tables, key: bytes) -> None:
        self._dynamo = dynamo
        self._table = tables.accounts
        self._key = key

    async def keep(self, change: Change) -> None:
        """Add a record of the change, if it matters and has none. Raises Unavailable."""
        if matters(change):
            until_won(lambda: self._keep(change))

    def _keep(self, change: Change) -> None:
        mark = alone("audited", f"{change.subject}#{change.seq}")
        if self._dynamo.get(self._table, mark) is not None:
            return
        end = self._dynamo.get(self._table, _END)
        head = Head() if end is None else Head(end["seq"], end["hash"])
        record = chained(draft(change), head, self._key)
        condition, given = (NEW, {}) if end is None else (_UNCHANGED, {"before": head.seq})
        after = {**_END, "seq": record.seq, "hash": record.hash}
        self._dynamo.transact(
            put(self._table, {**mark, "seq": record.seq}, NEW),
            put(self._table, {**_key(record.seq), **values_of(record)}, NEW),
            put(self._table, after, condition, **given),
        )


class DynamoAudit:
    """Implements accounts.audit.AuditStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.accounts

    async def page(self, query: AuditQuery, limit: int, cursor: str | None) -> Page[AuditRecord]:
        wanted = self._query(query)
        if cursor is not None:
            before = _key(decode_cursor(cursor, int))["part"]
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
        return Query(self._table, "#key = :key", {"key": _LIST, **values}, narrowed=narrowed)


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


def _key(seq: int) -> Values:
    return {"key": _LIST, "part": f"{seq:0{_DIGITS}}"}
