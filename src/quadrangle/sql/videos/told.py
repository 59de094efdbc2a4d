"""Who was told of which video, on SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from quadrangle.kernel.clock import to_text
from quadrangle.sql.base.database import Database
from quadrangle.sql.videos.course_tables import video_told


class SqlToldStore:
    """Implements videos.telling.ports.ToldStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, video_id: int, people: Sequence[str], now: datetime) -> list[str]:
        if not people:
            return []
        noted = select(video_told.c.account_id).where(
            video_told.c.video_id == video_id, video_told.c.account_id.in_(people)
        )

        def work(connection: Connection) -> list[str]:
            known = set(connection.execute(noted).scalars())
            new = [each for each in people if each not in known]
            if new:
                connection.execute(insert(video_told), [_row(video_id, who, now) for who in new])
            return new

        return await self._database.write(work)

    async def waiting(self, account_id: str) -> list[int]:
        query = (
            select(video_told.c.video_id)
            .where(video_told.c.account_id == account_id, video_told.c.told == 0)
            .order_by(video_told.c.noted_at, video_told.c.video_id)
        )
        return await self._database.read(lambda c: list(c.execute(query).scalars()))

    async def told(self, account_id: str, video_ids: Sequence[int]) -> None:
        noted = update(video_told).where(_of(account_id, video_ids)).values(told=1)
        await self._database.write(lambda c: c.execute(noted))

    async def drop(self, account_id: str, video_ids: Sequence[int]) -> None:
        unsaid = _of(account_id, video_ids) & (video_told.c.told == 0)
        await self._database.write(lambda c: c.execute(delete(video_told).where(unsaid)))


def _row(video_id: int, account_id: str, now: datetime) -> dict[str, Any]:
    at = to_text(now)
    return {"video_id": video_id, "account_id": account_id, "noted_at": at, "told": 0}


def _of(account_id: str, video_ids: Sequence[int]) -> Any:
    return (video_told.c.account_id == account_id) & video_told.c.video_id.in_(video_ids)
