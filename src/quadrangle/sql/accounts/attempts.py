"""Tallies of wrong tries on SQL."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from quadrangle.accounts.model import Tally
from quadrangle.accounts.sign_in.lockout_rules import Tallies, TryOutcome
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.sql.accounts.tables import attempts
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed


class SqlAttemptStore:
    """Implements accounts.ports.AttemptStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, keys: Sequence[str]) -> Tallies:
        return await self._database.read(lambda c: _load(c, keys))

    async def update(
        self, keys: Sequence[str], decide: Callable[[Tallies], TryOutcome], now: datetime
    ) -> TryOutcome:
        return await self._database.write(lambda c: _update(c, keys, decide, now))


def _load(connection: Connection, keys: Sequence[str]) -> dict[str, Tally]:
    rows = connection.execute(select(attempts).where(attempts.c.key.in_(keys)))
    return {row.key: _tally(row) for row in rows}


def _tally(row: Any) -> Tally:
    return Tally(
        row.failures,
        since=from_text(row.since),
        forget_at=from_text(row.forget_at),
        locked_until=None if row.locked_until is None else from_text(row.locked_until),
    )


def _update(
    connection: Connection,
    keys: Sequence[str],
    decide: Callable[[Tallies], TryOutcome],
    now: datetime,
) -> TryOutcome:
    """Only one transaction writes at a time (decision 0002), so what is read here still holds."""
    outcome = decide(_load(connection, keys))
    written = list(outcome.tallies)
    over = attempts.c.forget_at <= to_text(now)
    connection.execute(delete(attempts).where(over | attempts.c.key.in_(written)))
    rows = [_row(key, tally) for key, tally in outcome.tallies.items() if tally is not None]
    if rows:
        connection.execute(insert(attempts), rows)
    feed.append(connection, *outcome.changes)
    return outcome


def _row(key: str, tally: Tally) -> dict[str, Any]:
    return {
        "key": key,
        "failures": tally.failures,
        "since": to_text(tally.since),
        "forget_at": to_text(tally.forget_at),
        "locked_until": None if tally.locked_until is None else to_text(tally.locked_until),
    }
