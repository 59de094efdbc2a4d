"""Runs the migration steps a database has not seen. Safe when several processes start at once."""

import importlib
import pkgutil

from sqlalchemy import Connection

from quadrangle.sql import migrations
from quadrangle.sql.base.database import Database


class TooNew(Exception):
    """The database was made by a newer version of Quadrangle than this one."""


async def migrate(database: Database) -> list[int]:
    """Bring the schema up to date and return the numbers of the steps that ran.

    All steps run in one write transaction, and only one process writes at a time, so a second
    process finds them done. Raises TooNew and leaves the database alone when it knows more steps
    than this program.
    """
    return await database.write(lambda connection: _run_steps(connection, database.dialect))


def _run_steps(connection: Connection, dialect: str) -> list[int]:
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS schema_steps (number INTEGER PRIMARY KEY)"
    )
    rows = connection.exec_driver_sql("SELECT number FROM schema_steps").all()
    done = {row[0] for row in rows}
    known = _known_steps()
    if done - set(known):
        raise TooNew()
    missing = [number for number in known if number not in done]
    for number in missing:
        module = importlib.import_module(f"{migrations.__name__}.step_{number:04d}")
        for statement in module.statements(dialect):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"INSERT INTO schema_steps (number) VALUES ({number})")
    return missing


def _known_steps() -> list[int]:
    names = (module.name for module in pkgutil.iter_modules(migrations.__path__))
    return sorted(int(name.removeprefix("step_")) for name in names if name.startswith("step_"))
