"""The two wings, and how what a release wrote is put into one and taken out."""

import base64
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, column, insert, select, table

from quadrangle.aws.base.dynamo import BATCH_WRITE, Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.kernel.clock import Clock
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.base.tables import metadata
from tests.standin.server import StandIn
from tests.standin.tables import all_tables, make_tables

FROZEN = Path(__file__).with_name("frozen")
Item = dict[str, Any]
# What becomes of an item of a table, given its name, before it is put there.
Edit = Callable[[str, Item], Item]


class SqlWing:
    """A database on one machine."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    async def restore(self, release: str) -> None:
        """Put the release's rows into its tables, and bring them up to date."""
        tables = json.loads((FROZEN / release / "sql.json").read_text())
        await self.put(tables.pop("steps"), tables)

    async def put(self, steps: int, tables: dict[str, list[Item]]) -> None:
        """Make the tables by the first steps of the schema, put rows in, and do the others."""
        await self.database.write(lambda c: _put(c, steps, tables))
        await migrate(self.database)

    async def dump(self) -> tuple[int, dict[str, list[Item]]]:
        """Return the last step of the schema, and the rows of each table that has some."""
        return await self.database.read(_dump_rows)


def _put(connection: Connection, steps: int, tables: dict[str, list[Item]]) -> None:
    connection.exec_driver_sql("CREATE TABLE schema_steps (number INTEGER PRIMARY KEY)")
    for number in range(1, steps + 1):
        step = import_module(f"quadrangle.sql.migrations.step_{number:04d}")
        for statement in step.statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"INSERT INTO schema_steps (number) VALUES ({number})")
    for name, rows in tables.items():
        connection.execute(insert(table(name, *map(column, rows[0]))), rows)


def _dump_rows(connection: Connection) -> tuple[int, dict[str, list[Item]]]:
    (steps,) = connection.exec_driver_sql("SELECT max(number) FROM schema_steps").one()
    found = {
        each.name: [dict(row._mapping) for row in connection.execute(select(each))]
        for each in metadata.sorted_tables
    }
    return steps, {name: rows for name, rows in found.items() if rows}


class DynamoWing:
    """Tables of their own on the stand-in for AWS."""

    def __init__(self, standin: StandIn, clock: Clock) -> None:
        self.standin, self.clock = standin, clock
        self._client = standin.client("dynamodb")
        self._prefix = make_tables(self._client, *all_tables())
        self.dynamo, self.tables = Dynamo(self._client), Tables(self._prefix)

    def restore(self, release: str, edit: Edit = lambda _, item: item) -> None:
        """Put the release's items into the tables."""
        frozen = json.loads((FROZEN / release / "dynamodb.json").read_text())
        for name, items in frozen.items():
            puts = [{"PutRequest": {"Item": edit(name, _bytes(item))}} for item in items]
            for start in range(0, len(puts), BATCH_WRITE):
                request = {f"{self._prefix}{name}": puts[start : start + BATCH_WRITE]}
                self._client.batch_write_item(RequestItems=request)

    def dump(self) -> dict[str, list[Item]]:
        """Return the items of each table."""
        names = [getattr(self.tables, field) for field in Tables.__struct_fields__]
        return {name.removeprefix(self._prefix): self._items(name) for name in names}

    def _items(self, name: str) -> list[Item]:
        items = self._client.scan(TableName=name)["Items"]
        return sorted(map(_text, items), key=lambda item: json.dumps(item, sort_keys=True))


def _text(item: Item) -> Item:
    """Return an item as JSON has it, with bytes in base64."""
    return {
        name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in sorted(item.items())
    }


def _bytes(item: Item) -> Item:
    return {
        name: {"B": base64.b64decode(value["B"])} if "B" in value else value
        for name, value in item.items()
    }


Wing = SqlWing | DynamoWing
