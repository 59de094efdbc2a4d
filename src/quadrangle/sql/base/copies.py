"""Consistent copies of a SQLite database while it is in use."""

import asyncio
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.database import Database


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
