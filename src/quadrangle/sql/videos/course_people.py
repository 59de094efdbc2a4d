"""Who is a member of courses, what they have seen, and their secret addresses, on SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, union

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import NotFound
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed.feed import append
from quadrangle.sql.videos import course_tables, rows
from quadrangle.sql.videos.course_tables import video_course_feeds as feeds
from quadrangle.sql.videos.course_tables import (
    video_people,
    video_positions,
    video_seen,
    video_told,
)
from quadrangle.sql.videos.courses import SqlCourses, fetch
from quadrangle.videos.courses.model import CourseFeed

items, members = course_tables.video_course_items, course_tables.video_course_members


class SqlCourseStore(SqlCourses):
    """Implements videos.courses.ports.CourseStore."""

    async def is_member(self, course_id: str, account_id: str) -> bool:
        return (
            await self._database.read(
                lambda c: c.execute(select(members).where(_one(course_id, account_id))).first()
            )
            is not None
        )

    async def members(self, course_id: str) -> list[str]:
        query = (
            select(members.c.account_id)
            .where(members.c.course_id == course_id)
            .order_by(members.c.since, members.c.account_id)
        )
        return await self._database.read(lambda c: list(c.execute(query).scalars()))

    async def add_member(
        self, course_id: str, account_id: str, changes: Sequence[Change], now: datetime
    ) -> bool:
        def work(connection: Connection) -> bool:
            if fetch(connection, course_id) is None:
                raise NotFound("Course not found")
            if connection.execute(select(members).where(_one(course_id, account_id))).first():
                return False
            values = {"course_id": course_id, "account_id": account_id, "since": to_text(now)}
            connection.execute(insert(members).values(values))
            append(connection, *changes)
            return True

        return await self._database.write(work)

    async def remove_member(
        self, course_id: str, account_id: str, changes: Sequence[Change], now: datetime
    ) -> bool:
        def work(connection: Connection) -> bool:
            gone = delete(members).where(_one(course_id, account_id))
            if connection.execute(gone).rowcount == 0:
                return False
            connection.execute(delete(feeds).where(_own(course_id, account_id)))
            course = fetch(connection, course_id)
            rows.refresh(connection, course.videos if course else (), now, ends_grants=True)
            append(connection, *changes)
            return True

        return await self._database.write(work)

    async def seen(self, account_id: str, video_ids: Sequence[int]) -> set[int]:
        if not video_ids:
            return set()
        known = (video_seen.c.account_id == account_id) & video_seen.c.video_id.in_(video_ids)
        query = select(video_seen.c.video_id).where(known)
        return await self._database.read(lambda c: set(c.execute(query).scalars()))

    async def mark(self, account_id: str, video_id: int, now: datetime, *, seen: bool) -> None:
        known = (video_seen.c.account_id == account_id) & (video_seen.c.video_id == video_id)

        def work(connection: Connection) -> None:
            connection.execute(delete(video_seen).where(known))
            if seen:
                values = {"account_id": account_id, "video_id": video_id, "seen_at": to_text(now)}
                connection.execute(insert(video_seen).values(values))

        await self._database.write(work)

    async def forget_person(self, account_id: str, now: datetime) -> None:
        def work(connection: Connection) -> None:
            reached = union(
                select(video_people.c.video_id).where(video_people.c.account_id == account_id),
                select(items.c.video_id)
                .join(members, members.c.course_id == items.c.course_id)
                .where(members.c.account_id == account_id),
            )
            videos: Iterable[int] = list(connection.execute(reached).scalars())
            kept = (video_people, members, video_seen, video_positions, video_told, feeds)
            for table in kept:
                connection.execute(delete(table).where(table.c.account_id == account_id))
            rows.refresh(connection, videos, now, ends_grants=True)

        await self._database.write(work)


class SqlCourseFeeds:
    """Implements videos.courses.ports.FeedStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, course_id: str, account_id: str) -> CourseFeed | None:
        return await self._find(_own(course_id, account_id))

    async def by_hash(self, token_hash: str) -> CourseFeed | None:
        return await self._find(feeds.c.token_hash == token_hash)

    async def put(self, feed: CourseFeed, changes: Sequence[Change]) -> None:
        def work(connection: Connection) -> None:
            connection.execute(delete(feeds).where(_own(feed.course_id, feed.account_id)))
            connection.execute(insert(feeds), msgspec.structs.asdict(feed))
            append(connection, *changes)

        await self._database.write(work)

    async def remove(self, course_id: str, account_id: str, changes: Sequence[Change]) -> bool:
        def work(connection: Connection) -> bool:
            gone = delete(feeds).where(_own(course_id, account_id))
            removed = connection.execute(gone).rowcount > 0
            if removed:
                append(connection, *changes)
            return removed

        return await self._database.write(work)

    async def _find(self, where: Any) -> CourseFeed | None:
        query = select(feeds).where(where)
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else CourseFeed(*row)


def _own(course_id: str, account_id: str) -> Any:
    return (feeds.c.course_id == course_id) & (feeds.c.account_id == account_id)


def _one(course_id: str, account_id: str) -> Any:
    return (members.c.course_id == course_id) & (members.c.account_id == account_id)
