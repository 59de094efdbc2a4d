"""Runs the migration steps a database has not seen. Safe when several processes start at once."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType

from sqlalchemy import Connection

from quadrangle.sql import migrations
from quadrangle.sql.base.database import Database
from quadrangle.sql.migrations.following import LAST_OF_ONE_FILE


class TooNew(Exception):
    """The database was made by a newer version of Quadrangle than this one."""


async def migrate(database: Database) -> list[int]:
    """Bring the schema up to date and return the numbers of the steps that ran.

    All steps run in one write transaction, and only one process writes at a time, so a second
    process finds them done. Raises TooNew and leaves the database alone when it knows more steps
    than this program.
    """
    wanted = _steps_for(database)
    return await database.write(lambda c: _run_steps(c, database.dialect, wanted))


def statements_of(dialect: str, steps: Iterable[int]) -> Iterator[str]:
    """Yield what makes the schema that some steps make, and says that they ran."""
    yield _STEPS
    for number in sorted(steps):
        yield from _module(number).statements(dialect)
        yield _done(number)


def known_steps() -> list[int]:
    """Return the numbers of all steps, in order."""
    names = (module.name for module in pkgutil.iter_modules(migrations.__path__))
    return sorted(int(name.removeprefix("step_")) for name in names if name.startswith("step_"))


_STEPS = "CREATE TABLE IF NOT EXISTS schema_steps (number INTEGER PRIMARY KEY)"


def _steps_for(database: Database) -> list[int]:
    """One database takes all steps; of two files each takes its own, once there are two."""
    if not database.is_divided:
        return known_steps()
    return [n for n in known_steps() if n <= LAST_OF_ONE_FILE or _follows(n) != database.is_facts]


def _follows(number: int) -> bool:
    return getattr(_module(number), "FOLLOWS", False)


def _run_steps(connection: Connection, dialect: str, wanted: list[int]) -> list[int]:
    connection.exec_driver_sql(_STEPS)
    rows = connection.exec_driver_sql("SELECT number FROM schema_steps").all()
    done = {row[0] for row in rows}
    if done - set(known_steps()):
        raise TooNew()
    missing = [number for number in wanted if number not in done]
    for number in missing:
        for statement in _module(number).statements(dialect):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(_done(number))
    return missing


def _module(number: int) -> ModuleType:
    return importlib.import_module(f"{migrations.__name__}.step_{number:04d}")


def _done(number: int) -> str:
    return f"INSERT INTO schema_steps (number) VALUES ({number})"
