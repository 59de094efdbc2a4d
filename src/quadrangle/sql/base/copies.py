"""Consistent copies of a SQLite database while it is in use."""

import asyncio
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.tables import photos


async def copy_database(database: Database, target: Path) -> None:
    """Write a whole, compact copy of a SQLite database to `target`, which must not exist.

    Raises Unavailable.
    """

    def copy() -> None:
        # outside a transaction, as SQLite demands
        try:
            with database.engine.connect() as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
        except SQLAlchemyError as error:
            raise Unavailable() from error
        target.chmod(0o600)

    await asyncio.to_thread(copy)


async def photo_keys(database: Database) -> set[str]:
    """Return the keys of all files that photo records name."""
    query = select(photos.c.issue_id, photos.c.photo_id)
    rows = await database.read(lambda c: c.execute(query).all())
    keys = {f"photos/{issue_id}/{photo_id}" for issue_id, photo_id in rows}
    return keys | {key + "-thumbnail" for key in keys}
