"""Passkeys on SQL."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, delete, insert, select, update

from quadrangle.accounts.model import Account
from quadrangle.accounts.own.passkey_model import Passkey
from quadrangle.accounts.own.passkey_ports import PasskeyKnown
from quadrangle.accounts.ports import Decide
from quadrangle.sql.accounts.store import update_account
from quadrangle.sql.accounts.tables import passkeys
from quadrangle.sql.base.database import Database

_FIELDS = Passkey.__struct_fields__
_COLUMNS = [passkeys.c[name] for name in _FIELDS]


class SqlPasskeyStore:
    """Implements accounts.passkey_ports.PasskeyStore.

    Only one transaction writes at a time (decision 0002), so what one has read still holds.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, passkey_id: str) -> Passkey | None:
        return await self._database.read(lambda c: _get(c, passkey_id))

    async def of_account(self, account_id: str) -> list[Passkey]:
        query = _passkeys().where(passkeys.c.account_id == account_id)
        query = query.order_by(passkeys.c.created_at, passkeys.c.passkey_id)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_passkey(row) for row in rows]

    async def add(self, passkey: Passkey, decide: Decide) -> Account:
        def work(connection: Connection) -> Account:
            if _get(connection, passkey.passkey_id) is not None:
                raise PasskeyKnown
            connection.execute(insert(passkeys), _values(passkey))
            return update_account(connection, passkey.account_id, decide)

        return await self._database.write(work)

    async def update(self, passkey_id: str, decide: Callable[[Passkey], Passkey]) -> Passkey | None:
        def work(connection: Connection) -> Passkey | None:
            before = _get(connection, passkey_id)
            if before is None:
                return None
            after = decide(before)
            where = passkeys.c.passkey_id == passkey_id
            connection.execute(update(passkeys).where(where).values(_values(after)))
            return after

        return await self._database.write(work)

    async def remove(self, account_id: str, passkey_id: str, decide: Decide) -> Account | None:
        statement = delete(passkeys).where(
            passkeys.c.passkey_id == passkey_id, passkeys.c.account_id == account_id
        )

        def work(connection: Connection) -> Account | None:
            if not connection.execute(statement).rowcount:
                return None
            return update_account(connection, account_id, decide)

        return await self._database.write(work)

    async def forget(self, account_id: str) -> None:
        statement = delete(passkeys).where(passkeys.c.account_id == account_id)
        await self._database.write(lambda c: c.execute(statement))


def _passkeys() -> Select[Any]:
    return select(*_COLUMNS)


def _get(connection: Connection, passkey_id: str) -> Passkey | None:
    row = connection.execute(_passkeys().where(passkeys.c.passkey_id == passkey_id)).first()
    return None if row is None else _passkey(row)


def _passkey(row: Sequence[Any]) -> Passkey:
    values = dict(zip(_FIELDS, row, strict=True))
    return Passkey(**{**values, "transports": tuple(values["transports"].split())})


def _values(passkey: Passkey) -> dict[str, Any]:
    return {**msgspec.structs.asdict(passkey), "transports": " ".join(passkey.transports)}
