"""Which turns a queue outside the database is told of: each once, and again when that is lost.

The row stays what counts. A message that comes twice, or too late, finds nothing to do.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from quadrangle.kernel.clock import to_text
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.instants import to_ms
from quadrangle.sql.jobs.tables import jobs
from quadrangle.sql.videos.tables import video_jobs
from quadrangle.videos.jobs import PROCESS

_LOST_AFTER = timedelta(hours=1)


class SqlCalls:
    """Turns whose workers are called by a queue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def to_call(self, now: datetime) -> list[int]:
        """Return the videos whose turn has come and that nobody was told of, marked as told."""

        def work(connection: Connection) -> list[int]:
            due = (jobs.c.state == "ready") & (jobs.c.run_at <= to_ms(now))
            turns = jobs.c.function == PROCESS
            names = connection.execute(select(jobs.c.name).where(due & turns)).scalars()
            ids = [int(name.rpartition(":")[2]) for name in names]
            untold = or_(
                video_jobs.c.called_at.is_(None),
                video_jobs.c.called_at < to_text(now - _LOST_AFTER),
            )
            of_those = video_jobs.c.video_id.in_(ids) & untold
            query = select(video_jobs.c.video_id).where(of_those).order_by(video_jobs.c.id)
            found = list(connection.execute(query).scalars())
            _mark(connection, found, to_text(now))
            return found

        return await self._database.write(work)

    async def not_called(self, video_ids: Sequence[int]) -> None:
        """Take back that somebody was told of these."""
        await self._database.write(lambda c: _mark(c, video_ids, None))


def _mark(connection: Connection, video_ids: Sequence[int], at: str | None) -> None:
    if video_ids:
        known = video_jobs.c.video_id.in_(video_ids)
        connection.execute(update(video_jobs).where(known).values(called_at=at))
