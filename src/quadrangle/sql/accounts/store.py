"""Accounts on SQL, and what they sign in with."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, insert, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from quadrangle.accounts.model import Account, AccountState, NoSuchAccount
from quadrangle.accounts.ports import Decide, EmailTaken, PeopleQuery
from quadrangle.accounts.secrets.ports import Secrets
from quadrangle.kernel.change import Change
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor
from quadrangle.kernel.principal import Role
from quadrangle.kernel.text import folded
from quadrangle.sql.accounts.tables import accounts
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed

_FIELDS = Account.__struct_fields__
_COLUMNS = [accounts.c[name] for name in _FIELDS]
_SECRETS = [accounts.c[name] for name in Secrets.__struct_fields__]
_STAFF = (Role.STAFF.value, Role.ADMIN.value)
_ORDER = (accounts.c.folded_name, accounts.c.account_id)
_ESCAPE = "\\"

# The cursor of a page of people: folded name and id of the last one shown.
_Position = tuple[str, str]


class SqlAccountStore:
    """Implements accounts.ports.AccountStore and accounts.credential_ports.SecretStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, account_id: str) -> Account | None:
        return await self._database.read(lambda c: _get(c, account_id))

    async def by_email(self, email: str) -> Account | None:
        query = _accounts().where(accounts.c.email == email)
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else _account(row)

    async def staff(self) -> list[Account]:
        query = _accounts().where(accounts.c.role.in_(_STAFF)).order_by(*_ORDER)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_account(row) for row in rows]

    async def people(self, query: PeopleQuery) -> Page[Account]:
        statement = _people(query)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        found = [_account(row) for row in rows[: query.limit]]
        if len(rows) <= query.limit:
            return Page(found)
        last = rows[query.limit - 1]
        return Page(found, encode_cursor((last.folded_name, last.account_id)))

    async def update(self, account_id: str, decide: Decide) -> Account:
        return await self._write(lambda c: update_account(c, account_id, decide))

    async def add(self, account: Account, secrets: Secrets, changes: Sequence[Change]) -> None:
        def work(connection: Connection) -> None:
            values = {**_values(account), **msgspec.structs.asdict(secrets)}
            connection.execute(insert(accounts), values)
            feed.append(connection, *changes)

        await self._write(work)

    async def secrets(self, account_id: str) -> Secrets | None:
        return await self._database.read(lambda c: _secrets(c, account_id))

    async def update_secrets(
        self, account_id: str, change: Callable[[Secrets], Secrets], decide: Decide | None = None
    ) -> Account:
        def work(connection: Connection) -> Account:
            before = _secrets(connection, account_id)
            if before is None:
                raise NoSuchAccount()
            account = update_account(connection, account_id, decide or _as_it_is)
            after = change(before)
            if after != before:
                where = accounts.c.account_id == account_id
                values = msgspec.structs.asdict(after)
                connection.execute(update(accounts).where(where).values(values))
            return account

        return await self._write(work)

    async def _write(self, work: Callable[[Connection], Any]) -> Any:
        try:
            return await self._database.write(work)
        except IntegrityError as error:
            raise EmailTaken() from error


def _accounts() -> Select[Any]:
    return select(*_COLUMNS)


def _account(row: Sequence[Any]) -> Account:
    values = dict(zip(_FIELDS, row, strict=False))
    values["role"] = Role(values["role"])
    values["state"] = AccountState(values["state"])
    return Account(**values)


def _values(account: Account) -> dict[str, Any]:
    plain = {"role": account.role.value, "state": account.state.value}
    plain["folded_name"] = folded(account.name)
    return {**msgspec.structs.asdict(account), **plain}


def _people(query: PeopleQuery) -> Select[Any]:
    statement = select(*_COLUMNS, accounts.c.folded_name).order_by(*_ORDER)
    for word in folded(query.words).split():
        pattern = f"%{_literal(word)}%"
        statement = statement.where(
            or_(
                accounts.c.folded_name.like(pattern, escape=_ESCAPE),
                accounts.c.email.like(pattern, escape=_ESCAPE),
            )
        )
    if query.role is not None:
        statement = statement.where(accounts.c.role == query.role.value)
    if query.state is not None:
        statement = statement.where(accounts.c.state == query.state.value)
    if query.active is not None:
        statement = statement.where(accounts.c.active.is_(query.active))
    if query.cursor is not None:
        position = decode_cursor(query.cursor, _Position)
        statement = statement.where(tuple_(*_ORDER) > tuple_(*position))
    return statement.limit(query.limit + 1)


def _literal(word: str) -> str:
    """Return a word for LIKE to look for as it is."""
    for sign in (_ESCAPE, "%", "_"):
        word = word.replace(sign, _ESCAPE + sign)
    return word


def _get(connection: Connection, account_id: str) -> Account | None:
    row = connection.execute(_accounts().where(accounts.c.account_id == account_id)).first()
    return None if row is None else _account(row)


def accounts_of(connection: Connection, account_ids: Collection[str]) -> list[Account]:
    """Return the accounts there are with these ids, in any order."""
    query = _accounts().where(accounts.c.account_id.in_(sorted(account_ids)))
    return [_account(row) for row in connection.execute(query)]


def _secrets(connection: Connection, account_id: str) -> Secrets | None:
    query = select(*_SECRETS).where(accounts.c.account_id == account_id)
    row = connection.execute(query).first()
    return None if row is None else Secrets(*row)


def update_account(connection: Connection, account_id: str, decide: Decide) -> Account:
    """Save what `decide` makes of an account, as part of a larger write. Raises NotFound.

    Only one transaction writes at a time (decision 0002), so what is read here still holds.
    """
    account = _get(connection, account_id)
    if account is None:
        raise NoSuchAccount()
    decided, changes = decide(account, _other_admins(connection, account_id))
    if not changes:
        return account
    where = accounts.c.account_id == account_id
    connection.execute(update(accounts).where(where).values(_values(decided)))
    feed.append(connection, *changes)
    return decided


def _as_it_is(account: Account, _: int) -> tuple[Account, list[Change]]:
    return account, []


def _other_admins(connection: Connection, account_id: str) -> int:
    query = select(func.count()).where(
        accounts.c.role == Role.ADMIN.value,
        accounts.c.active.is_(True),
        accounts.c.state == AccountState.OPEN.value,
        accounts.c.account_id != account_id,
    )
    return connection.execute(query).scalar_one()
