"""Whose turn it is: round robin over owners, each turn a job of the job engine."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.jobs import NewJob
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.jobs.requests import drop, live_names, request
from quadrangle.sql.videos import passages, rows
from quadrangle.sql.videos.tables import video_jobs
from quadrangle.videos.jobs import PROCESS, REMOVE, turn_of
from quadrangle.videos.model import Pace, Passage, Status, Turn, Video


def put(connection: Connection, video: Video, now: datetime) -> int:
    """Have a new video wait, before it has its number; return the number of its job."""
    values = {
        "upload_id": video.key,
        "user_id": video.user_id,
        "state": "waiting",
        "served": 0,
        "tries": 0,
        "done_s": 0.0,
        "total_s": 0.0,
        "created_at": to_text(now),
    }
    statement = insert(video_jobs).values(values).returning(video_jobs.c.id)
    return connection.execute(statement).scalar_one()


def put_again(connection: Connection, video: Video, now: datetime) -> None:
    """Have a video that had its turn wait once more. Raises Conflict."""
    rows.replace(connection, video, now)
    known = video_jobs.c.video_id == video.video_id
    _set(connection, known, state="waiting", run=None, ended_at=None)
    drop(connection, turn_of(video.video_id), ["dead"])


def admit(connection: Connection, slots: int, now: datetime) -> int:
    """Give turns to those that wait while fewer than `slots` have one; return to how many."""
    taken = _count_turns(connection)
    given = 0
    while taken + given < slots:
        first = _next(connection)
        if first is None:
            break
        served = (connection.execute(select(func.max(video_jobs.c.served))).scalar() or 0) + 1
        values = {"state": "turn", "served": served, "run": None, "called_at": None}
        _set(connection, video_jobs.c.id == first[0], **values)
        name = turn_of(first[1])
        request(connection, now, NewJob(PROCESS, {"videoId": first[1]}, name=name))
        given += 1
    return given


def take_off(connection: Connection, video_id: int, now: datetime) -> None:
    """Have a deleted video wait no longer; whoever processes it will hear of it."""
    _set(
        connection,
        video_jobs.c.video_id == video_id,
        state="deleted",
        run=None,
        ended_at=to_text(now),
    )
    drop(connection, turn_of(video_id), ["ready", "dead"])


class SqlQueue:
    """Implements videos.ports.Queue. `slots` is how many have their turn at once."""

    def __init__(self, database: Database, slots: int = 1) -> None:
        self._database = database
        self._slots = slots

    async def begin(self, video_id: int, run: str, now: datetime) -> tuple[Video, Turn] | None:
        def work(connection: Connection) -> tuple[Video, Turn] | None:
            video, job = rows.fetch(connection, video_id), _job(connection, video_id)
            if video is None or job is None or not _may_begin(video, job):
                return None
            _set(
                connection,
                video_jobs.c.id == job.id,
                state="turn",
                run=run,
                tries=job.tries + 1,
                done_s=0.0,
                total_s=0.0,
                began_at=to_text(now),
                told_at=to_text(now),
                ended_at=None,
            )
            begun = video
            if video.details.redo is None:  # else the film that is there plays on
                begun = _moved(video, now, Status.PROCESSING, folder="", failure="", may_pass=False)
                rows.replace(connection, begun, now)
            return begun, Turn(video_id, run, job.tries + 1)

        return await self._database.write(work)

    async def tell(self, turn: Turn, pace: Pace, now: datetime, folder: str | None = None) -> None:
        def work(connection: Connection) -> None:
            values = {"done_s": pace.done_s, "total_s": pace.total_s, "told_at": pace.told_at}
            _require(connection, turn, **values)
            video = _existing(connection, turn)
            if folder is not None and video.details.redo is None:
                moved = _moved(video, now, Status.PROCESSING, folder=folder)
                moved = msgspec.structs.replace(moved, duration=pace.total_s or None)
                rows.replace(connection, moved, now)

        await self._database.write(work)

    async def end(
        self,
        turn: Turn,
        ended: Callable[[Video], tuple[Video, Sequence[Change]]],
        now: datetime,
        said: Mapping[str, Sequence[Passage]] | None = None,
    ) -> Video:
        def work(connection: Connection) -> Video:
            before = _existing(connection, turn)
            video, changes = ended(before)
            state = "done" if video.status is Status.READY else "failed"
            _require(connection, turn, state=state, run=None, ended_at=to_text(now))
            passages.add(connection, video, said or {})
            rows.replace(connection, video, now)
            _let_go(connection, before, video, now)
            feed.append(connection, *changes)
            admit(connection, self._slots, now)
            return video

        return await self._database.write(work)

    async def pause(self, turn: Turn, now: datetime) -> None:
        def work(connection: Connection) -> None:
            _require(connection, turn, done_s=0.0, total_s=0.0, run=None)
            video = _existing(connection, turn)
            if video.details.redo is None:
                rows.replace(connection, _moved(video, now, Status.UPLOADED, folder=""), now)

        await self._database.write(work)

    async def again(self, video: Video, changes: Sequence[Change], now: datetime) -> None:
        def work(connection: Connection) -> None:
            put_again(connection, video, now)
            feed.append(connection, *changes)
            admit(connection, self._slots, now)

        await self._database.write(work)

    async def lost(self) -> list[tuple[Video, Turn]]:
        def work(connection: Connection) -> list[tuple[Video, Turn]]:
            in_turn = connection.execute(
                select(video_jobs).where(video_jobs.c.state == "turn")
            ).all()
            live = live_names(connection, (turn_of(job.video_id) for job in in_turn))
            found = []
            for job in in_turn:
                video = rows.fetch(connection, job.video_id)
                if video is not None and turn_of(job.video_id) not in live:
                    found.append((video, Turn(job.video_id, job.run or "", job.tries)))
            return found

        return await self._database.read(work)

    async def admit(self, now: datetime) -> int:
        return await self._database.write(lambda c: admit(c, self._slots, now))


def _let_go(connection: Connection, before: Video, after: Video, now: datetime) -> None:
    """Have uploads removed that are shown no more, or that came to nothing."""
    redo = before.details.redo
    was, wanted = before.details.source, "" if redo is None else redo.source
    gone: list[dict[str, Any]] = []
    if wanted and after.details.source != wanted:
        gone.append({"key": wanted})
    if after.details.source != was:
        gone.append({"key": was} if was else {"key": before.key, "original": True})
    request(connection, now, *(NewJob(REMOVE, payload) for payload in gone))


def _may_begin(video: Video, job: Any) -> bool:
    """A turn that was given; or one that staff gives again from the dead letters."""
    revived = job.state == "failed" and video.status is Status.FAILED and video.details.may_pass
    return job.state == "turn" or revived


def _moved(video: Video, now: datetime, status: Status, **details: Any) -> Video:
    return msgspec.structs.replace(
        video,
        status=status,
        details=msgspec.structs.replace(video.details, **details),
        updated_at=to_text(now),
        version=video.version + 1,
    )


def _job(connection: Connection, video_id: int) -> Any:
    known = video_jobs.c.video_id == video_id
    return connection.execute(select(video_jobs).where(known)).first()


def _existing(connection: Connection, turn: Turn) -> Video:
    video = rows.fetch(connection, turn.video_id)
    if video is None:
        raise Conflict("This video was deleted.")
    return video


def _require(connection: Connection, turn: Turn, **values: Any) -> None:
    """Change the job of a turn that is still this one. Raises Conflict."""
    same_run = video_jobs.c.run == turn.run if turn.run else video_jobs.c.run.is_(None)
    known = (video_jobs.c.video_id == turn.video_id) & (video_jobs.c.state == "turn") & same_run
    if _set(connection, known, **values) != 1:
        raise Conflict("This turn is over.")


def _set(connection: Connection, known: Any, **values: Any) -> int:
    return connection.execute(update(video_jobs).where(known).values(**values)).rowcount


def _count_turns(connection: Connection) -> int:
    query = select(video_jobs.c.id).where(video_jobs.c.state == "turn")
    return len(connection.execute(query).all())


def _next(connection: Connection) -> tuple[int, int] | None:
    """Return what is due next: of the owner whose last turn is longest ago the first upload."""
    waiting = (
        select(video_jobs.c.user_id, func.min(video_jobs.c.id).label("first"))
        .where(video_jobs.c.state == "waiting")
        .group_by(video_jobs.c.user_id)
        .subquery()
    )
    other = video_jobs.alias()
    last_served = (
        select(func.max(other.c.served))
        .where(other.c.user_id == waiting.c.user_id)
        .scalar_subquery()
    )
    found = (
        select(video_jobs.c.id, video_jobs.c.video_id)
        .join(waiting, video_jobs.c.id == waiting.c.first)
        .order_by(last_served, video_jobs.c.id)
        .limit(1)
    )
    row = connection.execute(found).first()
    return None if row is None else (row[0], row[1])
