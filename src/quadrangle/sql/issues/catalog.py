"""The catalog of types, locations and targets, one document on SQL."""

import msgspec
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from quadrangle.issues.model import DEFAULT_CATALOG, Catalog
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.tables import documents
from quadrangle.sql.feed import feed

_NAME = "issue-catalog"


class SqlCatalogStore:
    """Implements issues.ports.CatalogStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> Catalog:
        query = select(documents).where(documents.c.name == _NAME)
        row = await self._database.read(lambda c: c.execute(query).first())
        if row is None:
            return DEFAULT_CATALOG
        catalog = msgspec.json.decode(row.body, type=Catalog)
        return msgspec.structs.replace(catalog, version=row.version)

    async def save(self, catalog: Catalog, change: Change) -> Catalog:
        saved = msgspec.structs.replace(catalog, version=catalog.version + 1)
        await self._database.write(lambda c: _save(c, saved, change))
        return saved


def _save(connection: Connection, catalog: Catalog, change: Change) -> None:
    values = {
        "name": _NAME,
        "body": msgspec.json.encode(catalog).decode(),
        "version": catalog.version,
    }
    if catalog.version == 1:
        try:
            connection.execute(insert(documents), values)
        except IntegrityError as error:
            raise Conflict() from error
    else:
        current = (documents.c.name == _NAME) & (documents.c.version == catalog.version - 1)
        if connection.execute(update(documents).where(current).values(values)).rowcount != 1:
            raise Conflict()
    feed.append(connection, change)
