"""Whom videos are shared with, on SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.videos import audiences, rows
from quadrangle.sql.videos.course_tables import video_course_items as items
from quadrangle.sql.videos.course_tables import video_courses, video_people
from quadrangle.videos.model import Video
from quadrangle.videos.sharing.model import Audience
from quadrangle.videos.sharing.rules import version_of


class SqlSharingStore:
    """Implements videos.sharing.ports.SharingStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reached(
        self, video_ids: Sequence[int], account_id: str | None, *, campus: bool
    ) -> set[int]:
        if not video_ids:
            return set()
        return await self._database.read(
            lambda c: audiences.reached(c, video_ids, account_id, campus)
        )

    async def audience(self, video_id: int) -> Audience:
        return await self._database.read(lambda c: audiences.of_video(c, video_id))

    async def share(
        self,
        video: Video,
        before: Audience,
        after: Audience,
        changes: Sequence[Change],
        now: datetime,
    ) -> None:
        def work(connection: Connection) -> None:
            there = audiences.of_video(connection, video.video_id)
            if version_of(there) != version_of(before):
                raise Conflict()
            _name(connection, video.video_id, after.people)
            _put_into(connection, video.video_id, there.courses, after.courses, now)
            rows.replace(connection, video, now)
            feed.append(connection, *changes)

        await self._database.write(work)


def _name(connection: Connection, video_id: int, people: Sequence[str]) -> None:
    connection.execute(delete(video_people).where(video_people.c.video_id == video_id))
    if people:
        named = [{"video_id": video_id, "account_id": each} for each in people]
        connection.execute(insert(video_people), named)


def _put_into(
    connection: Connection,
    video_id: int,
    before: Sequence[str],
    courses: Sequence[str],
    now: datetime,
) -> None:
    """Have a video stand in these courses and no others: in new ones at their end."""
    gone = [each for each in before if each not in courses]
    if gone:
        known = (items.c.video_id == video_id) & items.c.course_id.in_(gone)
        connection.execute(delete(items).where(known))
    for course_id in courses:
        if course_id not in before:
            _append(connection, course_id, video_id)
    changed = set(before) ^ set(courses)
    if changed:  # what was loaded of them before is out of date
        newer = {"version": video_courses.c.version + 1, "updated_at": to_text(now)}
        known = video_courses.c.course_id.in_(sorted(changed))
        connection.execute(update(video_courses).where(known).values(newer))


def _append(connection: Connection, course_id: str, video_id: int) -> None:
    there = select(video_courses.c.course_id).where(video_courses.c.course_id == course_id)
    if connection.execute(there).first() is None:
        raise NotFound("Course not found")
    last = select(func.max(items.c.place)).where(items.c.course_id == course_id)
    place = (connection.execute(last).scalar() or 0) + 1
    values = {"course_id": course_id, "video_id": video_id, "place": place}
    connection.execute(insert(items).values(values))
