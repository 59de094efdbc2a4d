"""Who outside issuers' people are here, on SQL."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, delete, insert, or_, select

from quadrangle.accounts.outside.model import Identity
from quadrangle.accounts.tokens.identity_ports import IdentityTaken
from quadrangle.kernel.change import Change
from quadrangle.sql.accounts.tables import identities
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed


class SqlIdentityStore:
    """Implements accounts.identity_ports.IdentityStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, issuer: str, subject: str) -> str | None:
        query = select(identities.c.account_id).where(
            identities.c.issuer == issuer, identities.c.subject == subject
        )
        return await self._database.read(lambda c: c.execute(query).scalar())

    async def link(self, identity: Identity, changes: Sequence[Change]) -> None:
        same = identities.c.subject == identity.subject
        same_account = identities.c.account_id == identity.account_id
        taken = select(identities.c.subject).where(
            identities.c.issuer == identity.issuer, or_(same, same_account)
        )

        def work(connection: Connection) -> None:
            """Only one transaction writes at a time (decision 0002), so the look still holds."""
            if connection.execute(taken).first() is not None:
                raise IdentityTaken()
            connection.execute(insert(identities), msgspec.structs.asdict(identity))
            feed.append(connection, *changes)

        await self._database.write(work)

    async def of_account(self, account_id: str) -> list[Identity]:
        query = select(identities).where(identities.c.account_id == account_id)
        query = query.order_by(identities.c.issuer)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [Identity(*row) for row in rows]

    async def remove_all(self, account_id: str) -> None:
        statement = delete(identities).where(identities.c.account_id == account_id)
        await self._database.write(lambda c: c.execute(statement))
