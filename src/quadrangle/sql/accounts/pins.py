"""The staff PIN on SQL."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from quadrangle.accounts.model import Pin
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.tables import documents
from quadrangle.sql.feed import feed

_PIN = "staff-pin"


class SqlPinStore:
    """Implements accounts.ports.PinStore: a document whose version is the PIN's epoch."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> Pin | None:
        query = select(documents.c.body).where(documents.c.name == _PIN)
        body = await self._database.read(lambda c: c.execute(query).scalar())
        return None if body is None else msgspec.json.decode(body, type=Pin)

    async def save(self, pin: Pin, changes: Sequence[Change]) -> None:
        try:
            await self._database.write(lambda c: _save_pin(c, pin, changes))
        except IntegrityError as error:
            raise Conflict() from error


def _save_pin(connection: Connection, pin: Pin, changes: Sequence[Change]) -> None:
    values = {"name": _PIN, "body": msgspec.json.encode(pin).decode(), "version": pin.epoch}
    if pin.epoch == 1:
        connection.execute(insert(documents), values)
    else:
        before = (documents.c.name == _PIN) & (documents.c.version == pin.epoch - 1)
        if connection.execute(update(documents).where(before).values(values)).rowcount != 1:
            raise Conflict()
    feed.append(connection, *changes)
