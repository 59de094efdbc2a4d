"""Looks whether what the database holds is whole and true to itself."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.database import Database


async def has_tables(database: Database, *names: str) -> bool:
    """Tell whether a database itself has these tables. Raises Unavailable."""

    def look() -> bool:
        try:
            with database.engine.connect() as connection:
                found = inspect(connection)
                return all(found.has_table(name) for name in names)
        except SQLAlchemyError as error:
            raise Unavailable() from error

    return await asyncio.to_thread(look)


async def check_database(database: Database, checks: Mapping[str, str]) -> list[str]:
    """Return a sentence for each thing that is wrong; empty when all is well.

    Each of `checks` is a statement that counts rows that should not be, by words that say what is
    wrong with them.
    """
    return await database.read(lambda connection: _problems(connection, checks))


def _problems(connection: Connection, checks: Mapping[str, str]) -> list[str]:
    problems = []
    if connection.dialect.name == "sqlite":
        rows: list[Any] = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
        problems += [f"The database file is damaged: {row}" for row in rows if row != "ok"]
    for wrong, query in checks.items():
        count = connection.execute(text(query)).scalar() or 0
        if count:
            problems.append(f"There are {count} {wrong}.")
    return problems
