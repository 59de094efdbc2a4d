"""Tables that an operator wants in a PostgreSQL schema of their own."""

import re

from sqlalchemy import Connection

from quadrangle.sql.base.database import Database

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class SchemaTaken(Exception):
    """The schema has a table of that name which is not ours; the message says which."""


def is_schema(name: str) -> bool:
    """Tell whether a name can be used for a schema as it is."""
    return _NAME.fullmatch(name) is not None and not name.startswith("pg_")


async def put_apart(database: Database, *tables: str) -> None:
    """Move tables, where they are not there yet, into the schema that the database was opened for.

    Safe when several processes start at once. Raises SchemaTaken, Unavailable.
    """
    if database.schema is not None:
        schema = database.schema
        await database.write(lambda connection: _move(connection, schema, tables))


def _move(connection: Connection, schema: str, tables: tuple[str, ...]) -> None:
    connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    here = connection.exec_driver_sql("SELECT current_schema()").scalar()
    for table in tables:
        found = "SELECT schemaname FROM pg_tables WHERE tablename = %s"
        places = set(connection.exec_driver_sql(found, (table,)).scalars())
        if here == schema or here not in places:
            continue
        if schema in places:
            raise SchemaTaken(f"The schema {schema} already has a table {table}.")
        connection.exec_driver_sql(f'ALTER TABLE "{here}"."{table}" SET SCHEMA "{schema}"')
