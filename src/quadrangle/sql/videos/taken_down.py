"""What staff took down, on SQL."""

from typing import Any

from sqlalchemy import JSON, Connection, cast, func, literal_column, select

from quadrangle.sql.base.database import Database
from quadrangle.sql.videos import rows
from quadrangle.sql.videos.tables import gallery_videos
from quadrangle.videos.model import Video

# Nothing that people write can hold it: within a text of JSON quotes are escaped.
_MARK = """'"taken_down":{'"""


class SqlTakenDownLog:
    """Implements videos.taking_down.ports.TakenDownLog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def taken_down(self, most: int) -> tuple[list[Video], int]:
        def work(connection: Connection) -> tuple[list[Video], int]:
            dialect = connection.dialect.name
            are_down = _are_down(dialect)
            latest = (_since(dialect).desc(), gallery_videos.c.id.desc())
            query = select(*rows.COLUMNS).where(are_down).order_by(*latest).limit(most)
            count = select(func.count()).select_from(gallery_videos).where(are_down)
            found = [rows.video_of(row) for row in connection.execute(query)]
            return found, connection.execute(count).scalar_one()

        return await self._database.read(work)


def _are_down(dialect: str) -> Any:
    """Return the condition as the index gallery_videos_taken_down has it: a value that is bound
    would not be seen to be the same."""
    place = func.instr if dialect == "sqlite" else func.strpos
    return place(gallery_videos.c.more, literal_column(_MARK)) > literal_column("0")


def _since(dialect: str) -> Any:
    """Return since when one is down. What an earlier release took down has no time: that of its
    last change is near it."""
    more = gallery_videos.c.more
    if dialect == "sqlite":
        at = func.json_extract(more, "$.taken_down.at")
    else:
        at = cast(more, JSON)[("taken_down", "at")].as_string()
    return func.coalesce(at, gallery_videos.c.updated_at)
