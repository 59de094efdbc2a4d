"""What staff sees of the queue of turns, on SQL."""

from typing import Any

from sqlalchemy import Connection, func, select

from quadrangle.kernel.clock import to_text
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.instants import from_ms
from quadrangle.sql.jobs.tables import jobs
from quadrangle.sql.videos import rows
from quadrangle.sql.videos.tables import gallery_videos, video_jobs
from quadrangle.videos.jobs import turn_of
from quadrangle.videos.model import Pace
from quadrangle.videos.oversight.model import Seen, Waiting

_ROWS = [
    video_jobs.c.id.label("turn_id"),
    video_jobs.c.tries,
    video_jobs.c.done_s,
    video_jobs.c.total_s,
    video_jobs.c.began_at,
    video_jobs.c.told_at,
    video_jobs.c.created_at.label("put_at"),
    video_jobs.c.ended_at,
    *rows.COLUMNS,
]


class SqlQueueLog:
    """Implements videos.oversight.ports.QueueLog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def running(self) -> list[Seen]:
        def work(connection: Connection) -> list[Seen]:
            found = connection.execute(_in("turn").order_by(video_jobs.c.served)).all()
            again = _again_at(connection, [row.id for row in found])
            return [_seen(row, row.began_at or row.put_at, again.get(row.id)) for row in found]

        return await self._database.read(work)

    async def waiting(self, most: int) -> tuple[list[Waiting], int]:
        other = video_jobs.alias()
        last = select(func.max(other.c.served)).where(other.c.user_id == video_jobs.c.user_id)
        query = _in("waiting").add_columns(last.scalar_subquery().label("last_served"))

        def work(connection: Connection) -> tuple[list[Waiting], int]:
            found = connection.execute(query.order_by(video_jobs.c.id).limit(most)).all()
            seen = [Waiting(_seen(r, r.put_at), r.turn_id, r.last_served or 0) for r in found]
            return seen, _count(connection, "waiting")

        return await self._database.read(work)

    async def failed(self, most: int) -> tuple[list[Seen], int]:
        latest = (video_jobs.c.ended_at.desc(), video_jobs.c.id.desc())

        def work(connection: Connection) -> tuple[list[Seen], int]:
            found = connection.execute(_in("failed").order_by(*latest).limit(most)).all()
            return [_seen(row, row.ended_at or row.put_at) for row in found], _count(
                connection, "failed"
            )

        return await self._database.read(work)


def _in(state: str) -> Any:
    joined = video_jobs.join(gallery_videos, gallery_videos.c.id == video_jobs.c.video_id)
    return select(*_ROWS).select_from(joined).where(video_jobs.c.state == state)


def _count(connection: Connection, state: str) -> int:
    query = select(func.count()).where(video_jobs.c.state == state)
    return connection.execute(query).scalar_one()


def _seen(row: Any, since: str, again_at: str | None = None) -> Seen:
    pace = Pace(row.done_s, row.total_s, row.began_at or "", row.told_at or "")
    return Seen(
        video=rows.video_of(row), since=since, tries=row.tries, pace=pace, again_at=again_at
    )


def _again_at(connection: Connection, video_ids: list[int]) -> dict[int, str]:
    """Return when those are tried again whose last try has failed."""
    names = {turn_of(video_id): video_id for video_id in video_ids}
    query = select(jobs.c.name, jobs.c.run_at).where(
        jobs.c.name.in_(names), jobs.c.state == "ready", jobs.c.attempts > 0
    )
    return {names[row.name]: to_text(from_ms(row.run_at)) for row in connection.execute(query)}
