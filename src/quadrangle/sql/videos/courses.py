"""Courses on SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, true, update

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.text import folded
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.videos import course_tables, rows
from quadrangle.sql.videos.audiences import taught_by
from quadrangle.sql.videos.course_tables import video_courses as courses
from quadrangle.sql.videos.tables import gallery_videos
from quadrangle.videos.courses.model import Course, CourseQuery, Openness, Teacher
from quadrangle.videos.courses.rules import loses_teacher, narrows

teachers = course_tables.video_course_teachers
items, members = course_tables.video_course_items, course_tables.video_course_members


class SqlCourses:
    """The part of videos.courses.ports.CourseStore about courses themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, course_id: str) -> Course | None:
        return await self._database.read(lambda c: fetch(c, course_id))

    async def some(self, course_ids: Sequence[str]) -> list[Course]:
        if not course_ids:
            return []
        query = select(courses).where(courses.c.course_id.in_(course_ids))
        return await self._database.read(lambda c: _all(c, _sorted(query)))

    async def add(self, course: Course, changes: Sequence[Change]) -> None:
        def work(connection: Connection) -> None:
            connection.execute(insert(courses).values(_values(course)))
            _teach(connection, course)
            feed.append(connection, *changes)

        await self._database.write(work)

    async def save(self, course: Course, changes: Sequence[Change], now: datetime) -> None:
        def work(connection: Connection) -> None:
            before = fetch(connection, course.course_id)
            if before is None or before.version != course.version - 1:
                raise Conflict()
            known = courses.c.course_id == course.course_id
            connection.execute(update(courses).where(known).values(_values(course)))
            if before.others != course.others:
                _teach(connection, course)
            _arrange(connection, before, course)
            _tell_videos(connection, before, course, now)
            feed.append(connection, *changes)

        await self._database.write(work)

    async def delete(self, course: Course, changes: Sequence[Change], now: datetime) -> bool:
        def work(connection: Connection) -> bool:
            before = fetch(connection, course.course_id)
            if before is None:
                return False
            for table in (courses, teachers, items, members, course_tables.video_course_feeds):
                connection.execute(delete(table).where(table.c.course_id == course.course_id))
            rows.refresh(connection, before.videos, now, ends_grants=True)
            feed.append(connection, *changes)
            return True

        return await self._database.write(work)

    async def page(self, query: CourseQuery, offset: int, limit: int) -> tuple[list[Course], int]:
        wanted = select(courses).where(_listed(query))
        count = select(func.count()).select_from(wanted.subquery())

        def work(connection: Connection) -> tuple[list[Course], int]:
            page = _sorted(wanted).limit(limit).offset(offset)
            return _all(connection, page), connection.execute(count).scalar_one()

        return await self._database.read(work)

    async def owned(self, account_id: str) -> list[Course]:
        query = select(courses).where(taught_by(account_id))
        return await self._database.read(lambda c: _all(c, _sorted(query)))


def fetch(connection: Connection, course_id: str) -> Course | None:
    """Return a course as it is now."""
    found = _all(connection, select(courses).where(courses.c.course_id == course_id))
    return found[0] if found else None


def _sorted(query: Any) -> Any:
    return query.order_by(courses.c.sorted_by, courses.c.course_id)


def _listed(query: CourseQuery) -> Any:
    if query.everything:
        return true()
    mine = taught_by(query.account_id)
    if query.only_own:
        return mine
    open_to = [Openness.PUBLIC.value, *([Openness.CAMPUS.value] if query.campus else [])]
    ways = [courses.c.openness.in_(open_to)]
    if query.account_id is not None:
        member = members.c.course_id == courses.c.course_id
        ways += [mine, exists().where(member & (members.c.account_id == query.account_id))]
    return or_(*ways)


def _all(connection: Connection, query: Any) -> list[Course]:
    found = connection.execute(query).all()
    ids = [row.course_id for row in found]
    order = (
        select(items.c.course_id, items.c.video_id)
        .where(items.c.course_id.in_(ids))
        .order_by(items.c.course_id, items.c.place, items.c.video_id)
    )
    videos: dict[str, list[int]] = {}
    for course_id, video_id in connection.execute(order) if ids else ():
        videos.setdefault(course_id, []).append(video_id)
    others = _others(connection, ids)
    return [
        _course(row, videos.get(row.course_id, []), others.get(row.course_id, [])) for row in found
    ]


def _others(connection: Connection, ids: Sequence[str]) -> dict[str, list[Teacher]]:
    """Return who teaches some courses beside those whose they are."""
    query = (
        select(teachers.c.course_id, teachers.c.account_id, teachers.c.name)
        .where(teachers.c.course_id.in_(ids))
        .order_by(teachers.c.course_id, teachers.c.place)
    )
    found: dict[str, list[Teacher]] = {}
    for course_id, account_id, name in connection.execute(query) if ids else ():
        found.setdefault(course_id, []).append(Teacher(account_id, name))
    return found


def _course(row: Any, videos: Sequence[int], others: Sequence[Teacher]) -> Course:
    return Course(
        course_id=row.course_id,
        user_id=row.user_id,
        owner_name=row.owner_name,
        title=row.title,
        description=row.description,
        openness=Openness(row.openness),
        videos=tuple(videos),
        others=tuple(others),
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def _values(course: Course) -> dict[str, Any]:
    return {
        "course_id": course.course_id,
        "user_id": course.user_id,
        "owner_name": course.owner_name,
        "title": course.title,
        "sorted_by": folded(course.title),
        "description": course.description,
        "openness": course.openness.value,
        "created_at": course.created_at,
        "updated_at": course.updated_at,
        "version": course.version,
    }


def _teach(connection: Connection, course: Course) -> None:
    connection.execute(delete(teachers).where(teachers.c.course_id == course.course_id))
    if course.others:
        named = [
            {
                "course_id": course.course_id,
                "account_id": each.account_id,
                "name": each.name,
                "place": place,
            }
            for place, each in enumerate(course.others, 1)
        ]
        connection.execute(insert(teachers), named)


def _arrange(connection: Connection, before: Course, course: Course) -> None:
    if before.videos == course.videos:
        return
    there = select(gallery_videos.c.id).where(gallery_videos.c.id.in_(course.videos))
    if len(connection.execute(there).all()) != len(course.videos):
        raise Conflict("One of these videos is not there any more.")
    connection.execute(delete(items).where(items.c.course_id == course.course_id))
    if course.videos:
        order = [
            {"course_id": course.course_id, "video_id": video_id, "place": place}
            for place, video_id in enumerate(course.videos, 1)
        ]
        connection.execute(insert(items), order)


def _tell_videos(connection: Connection, before: Course, course: Course, now: datetime) -> None:
    """Have videos be listed by what the course is now; addresses end where somebody loses one."""
    kept = set(before.videos) & set(course.videos)
    gone, new = set(before.videos) - kept, set(course.videos) - kept
    rows.refresh(connection, gone, now, ends_grants=True)
    rows.refresh(connection, new, now, ends_grants=False)
    if before.openness is not course.openness or loses_teacher(before, course):
        rows.refresh(connection, kept, now, ends_grants=narrows(before, course))
