"""Hashes of recovery codes on SQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select

from quadrangle.kernel.change import Change
from quadrangle.sql.accounts.tables import recovery_codes
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed


class SqlRecoveryCodes:
    """Implements accounts.recovery.RecoveryCodes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace(
        self, account_id: str, hashes: Sequence[str], changes: Sequence[Change] = ()
    ) -> None:
        rows = [{"account_id": account_id, "code_hash": each} for each in hashes]

        def work(connection: Connection) -> None:
            old = delete(recovery_codes).where(recovery_codes.c.account_id == account_id)
            connection.execute(old)
            if rows:
                connection.execute(insert(recovery_codes), rows)
            feed.append(connection, *changes)

        await self._database.write(work)

    async def use(self, account_id: str, code_hash: str) -> bool:
        statement = delete(recovery_codes).where(
            recovery_codes.c.account_id == account_id, recovery_codes.c.code_hash == code_hash
        )
        return bool(await self._database.write(lambda c: c.execute(statement).rowcount))

    async def count(self, account_id: str) -> int:
        query = select(func.count()).where(recovery_codes.c.account_id == account_id)
        return await self._database.read(lambda c: c.execute(query).scalar_one())
