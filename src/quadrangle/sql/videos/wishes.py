"""Automatic captions that are wanted and that nobody works on any more, on SQL."""

import msgspec
from sqlalchemy import Connection, exists, select

from quadrangle.sql.base.database import Database
from quadrangle.sql.jobs.tables import jobs
from quadrangle.sql.videos import rows
from quadrangle.videos.jobs import LISTEN
from quadrangle.videos.speech.model import LostWish, State

_AT_ONCE = 200  # of the dead letters that failed last: a sweep comes soon after each


class SqlWishes:
    """Implements videos.speech.ports.Wishes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lost(self) -> list[LostWish]:
        return await self._database.read(_lost)


def _lost(connection: Connection) -> list[LostWish]:
    other = jobs.alias()
    lives = exists().where(other.c.name == jobs.c.name, other.c.state.in_(("ready", "leased")))
    dead = (
        select(jobs.c.payload)
        .where(jobs.c.function == LISTEN, jobs.c.state == "dead", ~lives)
        .order_by(jobs.c.failed_at.desc())
        .limit(_AT_ONCE)
    )
    found: list[LostWish] = []
    for payload in connection.execute(dead).scalars().all():
        told = msgspec.json.decode(payload)
        wish = LostWish(int(told["videoId"]), str(told.get("asked", "")))
        if _is_open(connection, wish) and wish not in found:
            found.append(wish)
    return found


def _is_open(connection: Connection, wish: LostWish) -> bool:
    """Tell whether its owner is still told that it is being made."""
    video = rows.fetch(connection, wish.video_id)
    speech = video and video.details.speech
    return bool(speech) and speech.asked == wish.asked and speech.state is not State.FAILED
