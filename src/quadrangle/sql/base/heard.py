"""When parts of an installation were last heard of: each tells by writing it down."""

from datetime import datetime

from sqlalchemy import Connection, select, text

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.tables import documents

_TELL = text(
    "INSERT INTO documents (name, body, version) VALUES (:name, :at, 1) "
    "ON CONFLICT (name) DO UPDATE SET body = excluded.body"
)


async def tell(database: Database, part: str, now: datetime) -> None:
    """Write down that `part` works. Raises Unavailable."""
    values = {"name": _row_of(part), "at": to_text(now)}

    def write(connection: Connection) -> None:
        connection.execute(_TELL, values)

    await database.write(write)


async def last_heard(database: Database, part: str) -> datetime | None:
    """Return when `part` told that last; None when it never did. Raises Unavailable."""
    query = select(documents.c.body).where(documents.c.name == _row_of(part))
    body: str | None = await database.read(lambda connection: connection.scalar(query))
    return None if body is None else from_text(body)


def _row_of(part: str) -> str:
    return f"heard: {part}"
