"""What mails about issues are written from, read for many changes at once."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from quadrangle.issues.model import Comment, Issue
from quadrangle.issues.occasions import Found, Occasion, Wanted
from quadrangle.kernel.change import Change
from quadrangle.kernel.mail import Mail
from quadrangle.sql.feed import feed
from quadrangle.sql.feed.consumers import Asked, WriteMails
from quadrangle.sql.issues.store import ISSUE_COLUMNS, issue_of
from quadrangle.sql.issues.tables import comments, issues

# Returns where mail reaches those of these accounts that are active staff.
Addresses = Callable[[Connection, Collection[str]], Mapping[str, str]]
# What is wanted for a change, or why it cannot be told yet or at all.
_Asks = Wanted | Exception | None


class IssueMailSource:
    """Implements sql.feed.consumers.MailSource."""

    def __init__(self, occasions: Sequence[Occasion], addresses: Addresses) -> None:
        self._occasions = {occasion.name: occasion for occasion in occasions}
        self._addresses = addresses

    @property
    def serves(self) -> frozenset[str]:
        return frozenset(self._occasions)

    def read(self, connection: Connection, asked: Sequence[Asked]) -> WriteMails:
        """Read issues, and of those that need it changes, replies and addresses: a query each."""
        rows = _issue_rows(connection, {each.change.subject for each in asked})
        asks = {_key(each): self._asks(each, rows.get(each.change.subject)) for each in asked}
        wanted = {key: ask for key, ask in asks.items() if isinstance(ask, Wanted)}
        read = _Read(
            _histories(connection, {key[1] for key, ask in wanted.items() if ask.history}),
            _entries(connection, {ask.entry_id for ask in wanted.values() if ask.entry_id}),
            self._addresses_of(connection, wanted.values()),
        )

        def write(each: Asked) -> Sequence[Mail]:
            ask = asks[_key(each)]
            if isinstance(ask, Exception):
                raise ask
            if ask is None:
                return []
            issue = issue_of(rows[each.change.subject])
            found = read.found(each.change.subject, ask)
            return self._occasions[each.reaction].write(each.change, issue, found)

        return write

    def _asks(self, asked: Asked, row: Any) -> _Asks:
        if row is None:
            return None
        try:
            return self._occasions[asked.reaction].wanted(asked.change, issue_of(row))
        except Exception as error:
            return error  # of this change alone, which `write` raises it for

    def _addresses_of(
        self, connection: Connection, wanted: Collection[Wanted]
    ) -> Mapping[str, str]:
        ids = {each.assignee_id for each in wanted if each.assignee_id}
        return self._addresses(connection, ids) if ids else {}


class _Read(msgspec.Struct, frozen=True):
    """Changes by issue, replies by their id, addresses by account."""

    histories: Mapping[str, Sequence[Change]]
    entries: Mapping[str, Comment]
    addresses: Mapping[str, str]

    def found(self, issue_id: str, wanted: Wanted) -> Found:
        entry = self.entries.get(wanted.entry_id or "")
        return Found(
            self.histories[issue_id] if wanted.history else (),
            entry if entry is not None and entry.issue_id == issue_id else None,
            self.addresses.get(wanted.assignee_id or ""),
        )


def _key(asked: Asked) -> tuple[str, str, int]:
    return asked.reaction, asked.change.subject, asked.change.seq


def _issue_rows(connection: Connection, ids: Collection[str]) -> dict[str, Any]:
    place = list(Issue.__struct_fields__).index("issue_id")
    rows = connection.execute(select(*ISSUE_COLUMNS).where(issues.c.issue_id.in_(sorted(ids))))
    return {row[place]: row for row in rows}


def _histories(connection: Connection, ids: Collection[str]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = defaultdict(list)
    if ids:
        for change in feed.of_subjects(connection, sorted(ids)):
            found[change.subject].append(change)
    return found


def _entries(connection: Connection, ids: Collection[str]) -> dict[str, Comment]:
    if not ids:
        return {}
    columns = [comments.c[name] for name in Comment.__struct_fields__]
    query = select(*columns).where(comments.c.entry_id.in_(sorted(ids)))
    return {row.entry_id: Comment(*row) for row in connection.execute(query)}
