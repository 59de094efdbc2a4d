"""The video store on SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, text, union_all, update

from quadrangle.kernel.change import Change
from quadrangle.kernel.jobs import NewJob
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.jobs.requests import request
from quadrangle.sql.videos import (
    audiences,
    filtering,
    passages,
    plays,
    queue,
    rows,
    search,
    shared_links,
)
from quadrangle.sql.videos.tables import gallery_videos, video_jobs, video_uploads, video_views
from quadrangle.videos import rules
from quadrangle.videos.jobs import REMOVE
from quadrangle.videos.model import NO_FILTERS, Moment, Pace, Passage, Place, Video, VideoQuery

_RESHELVED_AT_ONCE = 200
_PLACE = {
    "sqlite": "SELECT s3_key, folder, grants FROM gallery_videos WHERE id = ?",
    "postgresql": "SELECT s3_key, folder, grants FROM {schema}gallery_videos WHERE id = %s",
}
_LARGEST_ID = 2**63 - 1


class SqlVideoStore:
    """Implements videos.ports.VideoStore. `slots` is how many are processed at once."""

    def __init__(self, database: Database, slots: int = 1) -> None:
        self._database = database
        self._slots = slots
        schema = f'"{database.schema}".' if database.schema else ""
        self._place = _PLACE[database.dialect].format(schema=schema)

    async def get(self, video_id: int) -> Video | None:
        if not 0 < video_id <= _LARGEST_ID:
            return None
        return await self._database.read(lambda c: rows.fetch(c, video_id))

    async def some(self, video_ids: Sequence[int]) -> list[Video]:
        known = [each for each in video_ids if 0 < each <= _LARGEST_ID]
        if not known:
            return []
        return await self._database.read(lambda c: rows.fetch_all(c, known))

    async def save(
        self,
        video: Video,
        changes: Sequence[Change],
        now: datetime,
        said: Mapping[str, Sequence[Passage]] | None = None,
    ) -> None:
        def work(connection: Connection) -> None:
            passages.add(connection, video, said or {})
            rows.replace(connection, video, now)
            feed.append(connection, *changes)

        await self._database.write(work)

    async def delete(self, video: Video, changes: Sequence[Change], now: datetime) -> bool:
        def work(connection: Connection) -> bool:
            found = rows.fetch(connection, video.video_id)
            if found is None:
                return False
            rows.remove(connection, found)
            queue.take_off(connection, found.video_id, now)
            _forget_views(connection, found.video_id)
            shared_links.forget(connection, found.video_id)
            plays.forget(connection, found.video_id)
            connection.execute(delete(video_uploads).where(video_uploads.c.upload_id == found.key))
            keys = rules.keys_of(found)
            request(connection, now, *(NewJob(REMOVE, {"key": key}) for key in keys))
            queue.admit(connection, self._slots, now)
            feed.append(connection, *changes)
            return True

        return await self._database.write(work)

    async def page(self, query: VideoQuery, offset: int, limit: int) -> tuple[list[Video], int]:
        def work(connection: Connection) -> tuple[list[Video], int]:
            if query.filters != NO_FILTERS:
                ids, total = filtering.find(connection, query, offset, limit)
            elif query.words:
                ids, total = search.find(connection, query, offset, limit)
            else:
                ids, total = _listed(connection, query, offset, limit)
            return rows.fetch_all(connection, ids), total

        return await self._database.read(work)

    async def moments(self, query: VideoQuery, videos: Sequence[Video]) -> dict[int, Moment]:
        if not query.words or not videos:
            return {}
        return await self._database.read(lambda c: passages.moments(c, query.words, videos))

    async def place(self, video_id: int) -> Place | None:
        if not 0 < video_id <= _LARGEST_ID:
            return None
        if self._database.dialect == "sqlite":  # in memory or one read away: no thread for it
            found = self._database.query_here(self._place, (video_id,))
        else:
            found = await self._database.read(
                lambda c: c.exec_driver_sql(self._place, (video_id,)).all()
            )
        return Place(*found[0]) if found else None

    async def count_view(self, video_id: int, viewer: str, hour: str, day: str) -> bool:
        def work(connection: Connection) -> bool:
            values = {"video_id": video_id, "viewer": viewer, "hour": hour}
            if connection.execute(_VIEW, values).rowcount == 0:
                return False
            known = gallery_videos.c.id == video_id
            more = update(gallery_videos).where(known).values(views=gallery_videos.c.views + 1)
            connection.execute(more)
            plays.count(connection, video_id, day)
            return True

        return await self._database.write(work)

    async def plays(self, video_id: int, since: str) -> dict[str, int]:
        return await self._database.read(lambda c: plays.by_day(c, video_id, since))

    async def forget_views(self, before: str) -> None:
        """Forget who was counted in hours before one."""
        old = delete(video_views).where(video_views.c.hour < before)
        await self._database.write(lambda c: c.execute(old))

    async def paces(self, video_ids: Sequence[int]) -> dict[int, Pace]:
        if not video_ids:
            return {}
        known = video_jobs.c.video_id.in_(video_ids) & video_jobs.c.state.in_(("waiting", "turn"))
        query = select(video_jobs).where(known)
        found = await self._database.read(lambda c: c.execute(query).all())
        return {
            row.video_id: Pace(row.done_s, row.total_s, row.began_at or "", row.told_at or "")
            for row in found
        }

    async def reshelve(self, now: datetime) -> int:
        return await self._database.write(lambda c: rows.reshelve(c, now, _RESHELVED_AT_ONCE))


_VIEW = text(
    "INSERT INTO video_views (video_id, viewer, hour) VALUES (:video_id, :viewer, :hour)"
    " ON CONFLICT DO NOTHING"
)


def _forget_views(connection: Connection, video_id: int) -> None:
    connection.execute(delete(video_views).where(video_views.c.video_id == video_id))


def _listed(
    connection: Connection, query: VideoQuery, offset: int, limit: int
) -> tuple[list[int], int]:
    """Return the numbers of one page, newest first, and the total: off indexes and counts."""
    id_, shelf, owner = gallery_videos.c.id, gallery_videos.c.shelf, gallery_videos.c.user_id
    newest = id_.desc()
    if query.only_own:
        mine = select(id_).where(owner == query.owner_id)
        if query.status is not None:
            mine = mine.where(gallery_videos.c.status == query.status.value)
        page = mine.order_by(newest).limit(limit).offset(offset)
        total = select(func.count()).select_from(mine.subquery())
        return list(connection.execute(page).scalars()), connection.execute(total).scalar_one()
    shelves = ["public", *(["campus"] if query.campus else [])]
    parts: list[Any] = [select(id_).where(shelf == each) for each in shelves]
    lists, shared_total = list(shelves), 0
    if query.owner_id is not None:
        parts.append(select(id_).where(owner == query.owner_id, shelf.in_(("", "shared"))))
        lists.append(rows.list_of("", query.owner_id))
        reached = id_.in_(audiences.reached_by(query.owner_id))
        shared = select(id_).where(shelf == "shared", owner != query.owner_id, reached)
        parts.append(shared)
        of_others = select(func.count()).select_from(shared.subquery())
        shared_total = connection.execute(of_others).scalar_one()
    # each in its order and no longer than needed, so that none is read to its end
    most = offset + limit
    cut = [select(part.order_by(newest).limit(most).subquery().c.id) for part in parts]
    merged = union_all(*cut).subquery()
    page = select(merged.c.id).order_by(merged.c.id.desc()).limit(limit).offset(offset)
    return list(connection.execute(page).scalars()), rows.total(connection, lists) + shared_total
