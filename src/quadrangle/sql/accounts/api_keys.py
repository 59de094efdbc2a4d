"""API keys on SQL."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, or_, select, update

from quadrangle.accounts.api_keys.rules import ApiKey, Plan
from quadrangle.kernel.change import Change
from quadrangle.sql.accounts.tables import api_keys
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed

_FIELDS = ApiKey.__struct_fields__
_COLUMNS = [api_keys.c[name] for name in _FIELDS]


class SqlApiKeys:
    """Implements accounts.api_keys.ApiKeyStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, key: ApiKey, changes: Sequence[Change]) -> None:
        def work(connection: Connection) -> None:
            connection.execute(insert(api_keys), _values(key))
            feed.append(connection, *changes)

        await self._database.write(work)

    async def get(self, api_key_id: str) -> ApiKey | None:
        query = select(*_COLUMNS).where(api_keys.c.api_key_id == api_key_id)
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else _key(row)

    async def list(self) -> list[ApiKey]:
        order = (api_keys.c.created_at.desc(), api_keys.c.api_key_id)
        query = select(*_COLUMNS).order_by(*order)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_key(row) for row in rows]

    async def revoke(self, key: ApiKey, changes: Sequence[Change]) -> bool:
        holds = (api_keys.c.api_key_id == key.api_key_id) & api_keys.c.revoked_at.is_(None)
        statement = update(api_keys).where(holds).values(revoked_at=key.revoked_at)

        def work(connection: Connection) -> bool:
            if not connection.execute(statement).rowcount:
                return False
            feed.append(connection, *changes)
            return True

        return await self._database.write(work)

    async def note_use(self, api_key_id: str, at: str) -> None:
        earlier = or_(api_keys.c.used_at.is_(None), api_keys.c.used_at < at)
        where = (api_keys.c.api_key_id == api_key_id) & earlier
        statement = update(api_keys).where(where).values(used_at=at)
        await self._database.write(lambda c: c.execute(statement).rowcount)


def _key(row: Sequence[Any]) -> ApiKey:
    values = dict(zip(_FIELDS, row, strict=True))
    values["scopes"] = tuple(values["scopes"].split())
    values["plan"] = Plan(values["plan"])
    return ApiKey(**values)


def _values(key: ApiKey) -> dict[str, Any]:
    plain = {"scopes": " ".join(key.scopes), "plan": key.plan.value}
    return {**msgspec.structs.asdict(key), **plain}
