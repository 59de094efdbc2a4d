"""The outbox on SQL: a mail is written with the job that delivers it, in one transaction; where no
mail server is set, it is kept, and needs none.

How many mails there are of each state stands in `mail_totals`, moved along by every write. Among a
million, counting off the index takes a tenth of a second on SQLite and half a second on PostgreSQL
each time; these four rows take less than a thousandth.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, text

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.ids import ordered_id
from quadrangle.kernel.jobs import NewJob
from quadrangle.kernel.mail import CalendarPart, Mail
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor
from quadrangle.kernel.text import storable
from quadrangle.mail.model import DELIVER, MailState, OutboxEntry, OutboxMail
from quadrangle.mail.ports import ERASED, NO_TEXT
from quadrangle.mail.search import MailSearch
from quadrangle.sql.base.database import Database
from quadrangle.sql.jobs.jobs import enqueue
from quadrangle.sql.mail.tables import mail_totals, mails

_ENTRY = (
    mails.c.mail_id,
    mails.c.recipient,
    mails.c.subject,
    mails.c.state,
    mails.c.attempts,
    mails.c.last_error,
    mails.c.created_at,
    mails.c.sent_at,
    mails.c.next_attempt_at,
    mails.c.private,
)
_CONTENTS = (
    mails.c.key,
    mails.c.text,
    mails.c.html,
    mails.c.calendar_method,
    mails.c.calendar,
    mails.c.text_kept,
)
TEXTS_AT_ONCE = 500  # that go in one write, so that others have their turn
SEARCHED_AT_ONCE = 20_000  # mails that one call looks through
# The cursor of a page: the number of the last mail shown.
_Position = tuple[Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]]


class SqlOutbox:
    """Implements kernel.mail.MailQueue and mail.ports.Outbox. `delivers` False: no mail server is
    set, so mails are kept as they come."""

    searched_at_once = SEARCHED_AT_ONCE

    def __init__(self, database: Database, clock: Clock, *, delivers: bool = True) -> None:
        self._database = database
        self._clock = clock
        self._first_state = MailState.QUEUED if delivers else MailState.KEPT

    async def enqueue(self, *new: Mail) -> None:
        """Save the mails whose key is new, each with its job. Raises Unavailable."""
        if not new:
            return
        rows = [self.encoded(mail) for mail in new]
        await self._database.write(lambda c: self.insert(c, rows))

    def encoded(self, mail: Mail) -> bytes:
        """Return a mail as `insert` takes it."""
        return msgspec.json.encode(_new_row(mail, self._clock.now(), self._first_state))

    def insert(self, connection: Connection, rows: Iterable[bytes]) -> None:
        """Save the mails whose key is new in the caller's transaction, each with its job."""
        text_ = f"[{b','.join(rows).decode()}]"
        statement = _INSERT_FOR[connection.dialect.name]
        new = connection.execute(statement, {"rows": text_}).scalars().all()
        if new:
            _count(connection, {self._first_state: len(new)})
        if new and self._first_state is MailState.QUEUED:
            enqueue(connection, self._clock.now(), *map(_job, new))

    async def forget(self, to: str, behind: str | None = None) -> None:
        """Erase all mails to an address, those that wait once they are over. Raises Unavailable."""
        await self._database.write(lambda c: _forget(c, to))

    async def get(self, mail_id: str) -> OutboxMail | None:
        query = select(*_ENTRY, *_CONTENTS)
        query = query.where(mails.c.mail_id == mail_id)
        row = await self._database.read(lambda c: c.execute(query).first())
        if row is None:
            return None
        entry = _entry(row)
        content = (row.key, entry.to, entry.subject, row.text, row.html, entry.private)
        return OutboxMail(entry, Mail(*content, calendar=_calendar(row)), row.text_kept)

    async def forget_texts(self, before: datetime) -> int:
        """Let the texts go of mails that were last to be sent before an instant, unless they wait;
        return of how many. Raises Unavailable."""
        values, total = {"before": to_text(before), "most": TEXTS_AT_ONCE}, 0
        while True:
            n = await self._database.write(lambda c: c.execute(_FORGET_TEXTS, values).rowcount)
            total += n
            if n < TEXTS_AT_ONCE:
                return total

    async def page(
        self,
        state: MailState | None,
        limit: int,
        cursor: str | None,
        search: MailSearch | None = None,
    ) -> Page[OutboxEntry]:
        query = select(*_ENTRY, mails.c.seq).order_by(mails.c.seq.desc())
        if state is not None:
            query = query.where(mails.c.state == state.value)
        if cursor is not None:
            (before,) = decode_cursor(cursor, _Position)
            query = query.where(mails.c.seq < before)
        if search is not None:
            most = self.searched_at_once
            return await self._database.read(lambda c: _found(c, query, search, limit, most))
        rows = await self._database.read(lambda c: c.execute(query.limit(limit + 1)).all())
        more = len(rows) > limit
        items = [_entry(row) for row in rows[:limit]]
        return Page(items, encode_cursor((rows[limit - 1].seq,)) if more else None)

    async def counts(self) -> dict[MailState, int]:
        query = select(mail_totals.c.state, mail_totals.c.n)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return dict.fromkeys(MailState, 0) | {MailState(row.state): row.n for row in rows}

    async def requeue(self, mail_id: str, now: datetime) -> OutboxEntry:
        return await self._database.write(lambda c: _requeue(c, mail_id, now))

    async def mark_sent(self, mail_id: str, now: datetime) -> None:
        values = {"mail_id": mail_id, "at": to_text(now)}
        await self._database.write(lambda c: _move(c, _SENT, MailState.SENT, values))

    async def mark_kept(self, mail_id: str) -> None:
        values = {"mail_id": mail_id}
        await self._database.write(lambda c: _move(c, _KEPT, MailState.KEPT, values))

    async def mark_failed(self, mail_id: str, error: str) -> None:
        values = {"mail_id": mail_id, "error": storable(error)}
        await self._database.write(lambda c: _move(c, _FAILED, MailState.FAILED, values))

    async def mark_over(self, mail_id: str, reason: str) -> None:
        values = {"mail_id": mail_id, "reason": storable(reason)}
        await self._database.write(lambda c: _move(c, _OVER, MailState.OVER, values))

    async def mark_delayed(self, mail_id: str, error: str, next_attempt_at: datetime) -> None:
        values = {"mail_id": mail_id, "error": storable(error), "at": to_text(next_attempt_at)}
        await self._database.write(lambda c: c.execute(_DELAYED, values))


def _entry(row: Any) -> OutboxEntry:
    values = dict(zip(OutboxEntry.__struct_fields__, row, strict=False))
    values["state"] = MailState(row.state)
    return OutboxEntry(**values)


# -- searching ----------------------------------------------------------------------------------


def _found(
    connection: Connection,
    query: Select[*tuple[Any, ...]],
    search: MailSearch,
    limit: int,
    most: int,
) -> Page[OutboxEntry]:
    """Return what fits among the first `most` rows of a query."""
    looked = query.limit(most).subquery()
    fits = and_(*(_has(looked.c, word) for word in search.words))
    narrowed = select(looked).where(fits).order_by(looked.c.seq.desc()).limit(limit + 1)
    rows = connection.execute(narrowed).all()
    if len(rows) > limit:
        behind = rows[limit - 1].seq
    else:
        last = query.with_only_columns(mails.c.seq).limit(1).offset(most - 1)
        behind = connection.execute(last).scalar()
    entries = map(_entry, rows[:limit])
    cursor = None if behind is None else encode_cursor((behind,))
    return Page([entry for entry in entries if search.fits(entry)], cursor)


def _has(columns: Any, word: str) -> ColumnElement[bool]:
    """Narrow to mails that may have a word. Databases differ in what a small letter beyond ASCII
    is, so those are left to `fits`."""
    literal = "".join(f"\\{c}" if c in "\\%_" else c if c.isascii() else "%" for c in word)
    said = func.lower(columns.recipient + "\n" + columns.subject)
    return said.like(f"%{literal}%", escape="\\")


def _calendar(row: Any) -> CalendarPart | None:
    return None if row.calendar is None else CalendarPart(row.calendar_method, row.calendar)


# -- putting in ---------------------------------------------------------------------------------

# One statement from one JSON text for all mails, as in sql.jobs.
_INSERT = """
INSERT INTO mails
  (mail_id, key, recipient, subject, text, html, created_at, calendar_method, calendar, private,
  state, attempts, forgotten, queued_at, text_kept)
SELECT {cells}, {private}, {state}, 0, false, {at}, true FROM {rows} WHERE true
ON CONFLICT (key) DO NOTHING RETURNING mail_id
"""
_CELLS = range(9)
_INSERT_FOR = {
    "sqlite": text(
        _INSERT.format(
            cells=", ".join(f"json_extract(value, '$[{i}]')" for i in _CELLS),
            private="json_extract(value, '$[9]')",
            at="json_extract(value, '$[6]')",
            state="json_extract(value, '$[10]')",
            rows="json_each(:rows)",
        )
    ),
    "postgresql": text(
        _INSERT.format(
            cells=", ".join(f"value ->> {i}" for i in _CELLS),
            private="CAST(value ->> 9 AS boolean)",
            at="value ->> 6",
            state="value ->> 10",
            rows="jsonb_array_elements(CAST(:rows AS jsonb)) AS value",
        )
    ),
}


def _new_row(mail: Mail, now: datetime, state: MailState) -> Sequence[str | bool | None]:
    contents = map(storable, (mail.key, mail.to, mail.subject, mail.text, mail.html))
    part = mail.calendar
    calendar = (None, None) if part is None else (part.method, storable(part.content))
    return (ordered_id(now), *contents, to_text(now), *calendar, mail.private, state)


def _job(mail_id: str) -> NewJob:
    return NewJob(DELIVER, {"mailId": mail_id}, name=f"mail:{mail_id}")


# -- moving on ----------------------------------------------------------------------------------

_UPDATE = "UPDATE mails SET {set} WHERE mail_id = :mail_id AND state {condition}"
_SENT = text(
    _UPDATE.format(
        set="state = 'sent', attempts = attempts + 1, sent_at = :at, last_error = NULL, "
        "next_attempt_at = NULL",
        condition="<> 'sent'",
    )
)
_KEPT = text(_UPDATE.format(set="state = 'kept', next_attempt_at = NULL", condition="= 'queued'"))
_FAILED = text(
    _UPDATE.format(
        set="state = 'failed', attempts = attempts + 1, last_error = :error, "
        "next_attempt_at = NULL",
        condition="= 'queued'",
    )
)
_OVER = text(
    _UPDATE.format(
        set="state = 'over', last_error = :reason, next_attempt_at = NULL", condition="= 'queued'"
    )
)
_DELAYED = text(
    _UPDATE.format(
        set="attempts = attempts + 1, last_error = :error, next_attempt_at = :at",
        condition="= 'queued'",
    )
)
_QUEUED = text(
    _UPDATE.format(
        set="state = 'queued', attempts = 0, last_error = NULL, sent_at = NULL, "
        "next_attempt_at = NULL, queued_at = :at",
        condition="<> 'queued' AND text_kept",
    )
)


def _move(connection: Connection, update: Any, to: MailState, values: dict[str, Any]) -> bool:
    """Run `update`, which sets the state `to`, and keep the totals. False when it fits no mail."""
    query = select(mails.c.state).where(mails.c.mail_id == values["mail_id"])
    before = connection.execute(query).scalar()
    if connection.execute(update, values).rowcount == 0:
        return False
    _count(connection, {MailState(before): -1, to: 1})
    if to is not MailState.QUEUED:
        connection.execute(_ERASE_ONE, {"mail_id": values["mail_id"]})
    return True


_COUNT = text("""
INSERT INTO mail_totals (state, n) VALUES (:state, :n)
ON CONFLICT (state) DO UPDATE SET n = mail_totals.n + excluded.n
""")


def _count(connection: Connection, differences: dict[MailState, int]) -> None:
    rows = [{"state": state.value, "n": n} for state, n in differences.items()]
    connection.execute(_COUNT, rows)


# Keys may name the address, and so may errors, as servers repeat it.
_ERASE = """
UPDATE mails SET key = 'erased:' || mail_id, recipient = '', subject = '', text = '', html = '',
  calendar_method = NULL, calendar = NULL, last_error = NULL, text_kept = false
WHERE forgotten AND state <> 'queued' AND recipient <> ''
"""
_ERASE_ONE = text(f"{_ERASE} AND mail_id = :mail_id")
_ERASE_ALL = text(f"{_ERASE} AND lower(recipient) = :to")
# The rows whose text is kept are an index of their own, which SQLite takes as long as no state is
# asked for by name: what waits is passed over.
_FORGET_TEXTS = text("""
UPDATE mails SET text = '', html = '', calendar_method = NULL, calendar = NULL, text_kept = false
WHERE mail_id IN (
  SELECT mail_id FROM mails
  WHERE text_kept AND queued_at < :before AND state NOT IN ('queued', 'kept')
  ORDER BY queued_at LIMIT :most)
""")
_FORGET = text("UPDATE mails SET forgotten = true WHERE lower(recipient) = :to AND NOT forgotten")


def _forget(connection: Connection, to: str) -> None:
    given = {"to": storable(to).lower()}
    connection.execute(_FORGET, given)
    connection.execute(_ERASE_ALL, given)


def _requeue(connection: Connection, mail_id: str, now: datetime) -> OutboxEntry:
    values = {"mail_id": mail_id, "at": to_text(now)}
    moved = _move(connection, _QUEUED, MailState.QUEUED, values)
    query = select(*_ENTRY, mails.c.text_kept).where(mails.c.mail_id == mail_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("Mail not found")
    if not moved and row.recipient == "":
        raise Conflict(ERASED)
    if not row.text_kept:
        raise Conflict(NO_TEXT)
    if not moved:
        raise Conflict("This mail is already waiting to be sent.")
    enqueue(connection, now, _job(mail_id))
    return _entry(row)
