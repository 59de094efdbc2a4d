"""Sign-ins that have not ended, and one-time tokens that were used, on SQL."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from quadrangle.accounts.model import Method, Session
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.sql.accounts.tables import sessions, used_tokens
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed

_FIELDS = Session.__struct_fields__
_COLUMNS = [sessions.c[name] for name in _FIELDS]


class SqlSessionStore:
    """Implements accounts.ports.SessionStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, session: Session, now: datetime) -> None:
        def work(connection: Connection) -> None:
            connection.execute(delete(sessions).where(sessions.c.expires_at <= to_text(now)))
            connection.execute(insert(sessions), _values(session))

        await self._database.write(work)

    async def get(self, sid: str) -> Session | None:
        return await self._database.read(lambda c: _get(c, sid))

    async def of_holder(self, holder: str) -> list[Session]:
        query = select(*_COLUMNS).where(sessions.c.holder == holder)
        query = query.order_by(sessions.c.seen_at.desc(), sessions.c.sid)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_session(row) for row in rows]

    async def update(
        self, sid: str, decide: Callable[[Session], Session], now: datetime
    ) -> Session | None:
        return await self._database.write(lambda c: _update(c, sid, decide))

    async def end(self, sid: str, changes: Sequence[Change]) -> bool:
        def work(connection: Connection) -> bool:
            ended = connection.execute(delete(sessions).where(sessions.c.sid == sid))
            if not ended.rowcount:
                return False
            feed.append(connection, *changes)
            return True

        return await self._database.write(work)

    async def end_all(self, holder: str, changes: Sequence[Change]) -> None:
        def work(connection: Connection) -> None:
            connection.execute(delete(sessions).where(sessions.c.holder == holder))
            feed.append(connection, *changes)

        await self._database.write(work)


def _get(connection: Connection, sid: str) -> Session | None:
    row = connection.execute(select(*_COLUMNS).where(sessions.c.sid == sid)).first()
    return None if row is None else _session(row)


def _update(
    connection: Connection, sid: str, decide: Callable[[Session], Session]
) -> Session | None:
    """Only one transaction writes at a time (decision 0002), so what is read here still holds."""
    before = _get(connection, sid)
    if before is None:
        return None
    after = decide(before)
    if after != before:
        connection.execute(update(sessions).where(sessions.c.sid == sid).values(_values(after)))
    return after


def _session(row: Sequence[Any]) -> Session:
    values = dict(zip(_FIELDS, row, strict=True))
    return Session(**{**values, "method": Method(values["method"])})


def _values(session: Session) -> dict[str, Any]:
    return {**msgspec.structs.asdict(session), "method": session.method.value}


class SqlUsedTokens:
    """Implements accounts.ports.UsedTokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def use(self, token_id: str, until: datetime, now: datetime) -> bool:
        def work(connection: Connection) -> bool:
            connection.execute(delete(used_tokens).where(used_tokens.c.until <= to_text(now)))
            known = select(used_tokens.c.token_id).where(used_tokens.c.token_id == token_id)
            if connection.execute(known).first() is not None:
                return False
            connection.execute(insert(used_tokens), {"token_id": token_id, "until": to_text(until)})
            return True

        return await self._database.write(work)
