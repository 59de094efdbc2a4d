"""Accounts and the staff PIN on SQL."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from quadrangle.accounts.model import Account, Pin
from quadrangle.accounts.ports import Decide, EmailTaken, Stored
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.principal import Role
from quadrangle.sql import feed
from quadrangle.sql.database import Database
from quadrangle.sql.tables import accounts, documents

_FIELDS = Account.__struct_fields__
_COLUMNS = [accounts.c[name] for name in _FIELDS]
_STAFF = (Role.STAFF.value, Role.ADMIN.value)


class SqlAccountStore:
    """Implements accounts.ports.AccountStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, account_id: str) -> Account | None:
        return await self._database.read(lambda c: _get(c, account_id))

    async def by_email(self, email: str) -> Stored | None:
        query = select(*_COLUMNS, accounts.c.password_hash).where(accounts.c.email == email)
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else Stored(_account(row[:-1]), row.password_hash)

    async def staff(self) -> list[Account]:
        query = _accounts().where(accounts.c.role.in_(_STAFF))
        query = query.order_by(func.lower(accounts.c.name), accounts.c.account_id)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_account(row) for row in rows]

    async def add(
        self, account: Account, password_hash: str | None, changes: Sequence[Change]
    ) -> None:
        def work(connection: Connection) -> None:
            values = {**_values(account), "password_hash": password_hash}
            connection.execute(insert(accounts), values)
            feed.append(connection, *changes)

        try:
            await self._database.write(work)
        except IntegrityError as error:
            raise EmailTaken() from error

    async def update(
        self, account_id: str, decide: Decide, *, password_hash: str | None = None
    ) -> Account:
        return await self._database.write(lambda c: _update(c, account_id, decide, password_hash))

    async def replace_hash(self, account_id: str, old: str, new: str) -> None:
        statement = (
            update(accounts)
            .where(accounts.c.account_id == account_id, accounts.c.password_hash == old)
            .values(password_hash=new)
        )
        await self._database.write(lambda c: c.execute(statement))


def _accounts() -> Select[Any]:
    return select(*_COLUMNS)


def _account(row: Sequence[Any]) -> Account:
    values = dict(zip(_FIELDS, row, strict=True))
    values["role"] = Role(values["role"])
    return Account(**values)


def _values(account: Account) -> dict[str, Any]:
    return {**msgspec.structs.asdict(account), "role": account.role.value}


def _get(connection: Connection, account_id: str) -> Account | None:
    row = connection.execute(_accounts().where(accounts.c.account_id == account_id)).first()
    return None if row is None else _account(row)


def _update(
    connection: Connection, account_id: str, decide: Decide, password_hash: str | None
) -> Account:
    """Only one transaction writes at a time (decision 0002), so what is read here still holds."""
    account = _get(connection, account_id)
    if account is None:
        raise NotFound("There is no account with that id.")
    decided, changes = decide(account, _other_admins(connection, account_id))
    if not changes:
        return account
    values = _values(decided)
    if password_hash is not None:
        values["password_hash"] = password_hash
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))
    feed.append(connection, *changes)
    return decided


def _other_admins(connection: Connection, account_id: str) -> int:
    query = select(func.count()).where(
        accounts.c.role == Role.ADMIN.value,
        accounts.c.active.is_(True),
        accounts.c.account_id != account_id,
    )
    return connection.execute(query).scalar_one()


_PIN = "staff-pin"


class SqlPinStore:
    """Implements accounts.ports.PinStore: a document whose version is the PIN's epoch."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> Pin | None:
        query = select(documents.c.body).where(documents.c.name == _PIN)
        body = await self._database.read(lambda c: c.execute(query).scalar())
        return None if body is None else msgspec.json.decode(body, type=Pin)

    async def save(self, pin: Pin, changes: Sequence[Change]) -> None:
        try:
            await self._database.write(lambda c: _save_pin(c, pin, changes))
        except IntegrityError as error:
            raise Conflict() from error


def _save_pin(connection: Connection, pin: Pin, changes: Sequence[Change]) -> None:
    values = {"name": _PIN, "body": msgspec.json.encode(pin).decode(), "version": pin.epoch}
    if pin.epoch == 1:
        connection.execute(insert(documents), values)
    else:
        before = (documents.c.name == _PIN) & (documents.c.version == pin.epoch - 1)
        if connection.execute(update(documents).where(before).values(values)).rowcount != 1:
            raise Conflict()
    feed.append(connection, *changes)
