"""Links to videos, on SQL."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from quadrangle.kernel.change import Change
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.videos.tables import gallery_videos, video_links
from quadrangle.videos.shared_links.model import SharedLink

_STANDS = {
    "sqlite": "SELECT 1 FROM video_links WHERE link_id = ? AND video_id = ?",
    "postgresql": "SELECT 1 FROM video_links WHERE link_id = %s AND video_id = %s",
}


class SqlSharedLinks:
    """Implements videos.shared_links.ports.SharedLinkStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, link: SharedLink, most: int, changes: Sequence[Change]) -> bool:
        def work(connection: Connection) -> bool:
            video = select(gallery_videos.c.id).where(gallery_videos.c.id == link.video_id)
            there = select(func.count()).where(video_links.c.video_id == link.video_id)
            gone = connection.execute(video).first() is None
            if gone or connection.execute(there).scalar_one() >= most:
                return False
            values = {
                "link_id": link.link_id,
                "video_id": link.video_id,
                "created_at": link.created_at,
                "body": msgspec.json.encode(link).decode(),
            }
            connection.execute(insert(video_links), values)
            feed.append(connection, *changes)
            return True

        return await self._database.write(work)

    async def of_video(self, video_id: int) -> list[SharedLink]:
        newest = (video_links.c.created_at.desc(), video_links.c.link_id)
        query = _bodies().where(video_links.c.video_id == video_id).order_by(*newest)
        rows = await self._database.read(lambda c: c.execute(query).scalars().all())
        return [_link(row) for row in rows]

    async def get(self, video_id: int, link_id: str) -> SharedLink | None:
        query = _bodies().where(_known(video_id, link_id))
        row = await self._database.read(lambda c: c.execute(query).scalar())
        return None if row is None else _link(row)

    async def stands(self, video_id: int, link_id: str) -> bool:
        query, values = _STANDS[self._database.dialect], (link_id, video_id)
        if self._database.dialect == "sqlite":  # in memory or one read away: no thread for it
            return bool(self._database.query_here(query, values))
        found = await self._database.read(lambda c: c.exec_driver_sql(query, values).all())
        return bool(found)

    async def remove(self, video_id: int, link_id: str, changes: Sequence[Change]) -> bool:
        def work(connection: Connection) -> bool:
            gone = delete(video_links).where(_known(video_id, link_id))
            if connection.execute(gone).rowcount == 0:
                return False
            feed.append(connection, *changes)
            return True

        return await self._database.write(work)

    async def forget(self, video_id: int) -> None:
        await self._database.write(lambda c: forget(c, video_id))


def forget(connection: Connection, video_id: int) -> None:
    """Remove all links of a video."""
    connection.execute(delete(video_links).where(video_links.c.video_id == video_id))


def _bodies() -> Any:
    return select(video_links.c.body)


def _known(video_id: int, link_id: str) -> Any:
    return (video_links.c.video_id == video_id) & (video_links.c.link_id == link_id)


def _link(body: str) -> SharedLink:
    return msgspec.json.decode(body, type=SharedLink)
