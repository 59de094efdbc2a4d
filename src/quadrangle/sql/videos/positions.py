"""Where each person stopped watching, on SQL."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from quadrangle.sql.base.database import Database
from quadrangle.sql.videos.course_tables import video_positions
from quadrangle.sql.videos.tables import gallery_videos
from quadrangle.videos.resuming.model import Position


class SqlPositions:
    """Implements videos.resuming.ports.PositionStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, account_id: str, position: Position) -> bool:
        there = select(gallery_videos.c.id).where(gallery_videos.c.id == position.video_id)
        values = {
            "account_id": account_id,
            "video_id": position.video_id,
            "at_s": position.at,
            "of_s": position.of,
            "noted_at": position.noted_at,
        }

        def work(connection: Connection) -> bool:
            # of a video that is deleted meanwhile nothing is to be left
            if connection.execute(there.with_for_update()).first() is None:
                return False
            connection.execute(delete(video_positions).where(_one(account_id, position.video_id)))
            connection.execute(insert(video_positions).values(values))
            return True

        return await self._database.write(work)

    async def get(self, account_id: str, video_id: int) -> Position | None:
        query = _columns().where(_one(account_id, video_id))
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else Position(*row)

    async def latest(self, account_id: str, limit: int) -> list[Position]:
        query = (
            _columns()
            .where(video_positions.c.account_id == account_id)
            .order_by(video_positions.c.noted_at.desc(), video_positions.c.video_id.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [Position(*row) for row in rows]


def _columns() -> Any:
    kept = video_positions.c
    return select(kept.video_id, kept.at_s, kept.of_s, kept.noted_at)


def _one(account_id: str, video_id: int) -> Any:
    kept = video_positions.c
    return (kept.account_id == account_id) & (kept.video_id == video_id)
