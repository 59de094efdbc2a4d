"""Whom videos are shared with, read within a transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, exists, or_, select, union

from quadrangle.sql.videos import course_tables
from quadrangle.sql.videos.course_tables import video_positions, video_seen, video_told
from quadrangle.videos.sharing.model import Audience

people, courses = course_tables.video_people, course_tables.video_courses
items, members = course_tables.video_course_items, course_tables.video_course_members
teachers = course_tables.video_course_teachers
_WIDEST = ("public", "campus")


def of_video(connection: Connection, video_id: int) -> Audience:
    """Return whom a video names and the courses it stands in."""
    named = select(people.c.account_id).where(people.c.video_id == video_id)
    found = (
        select(courses.c.course_id, courses.c.openness)
        .join(items, items.c.course_id == courses.c.course_id)
        .where(items.c.video_id == video_id)
        .order_by(courses.c.course_id)
    )
    rows = connection.execute(found).all()
    openness = {row.openness for row in rows}
    return Audience(
        tuple(connection.execute(named.order_by(people.c.account_id)).scalars()),
        tuple(row.course_id for row in rows),
        next((each for each in _WIDEST if each in openness), ""),
    )


def reached(
    connection: Connection, video_ids: Sequence[int], account_id: str | None, campus: bool
) -> set[int]:
    """Return those of some videos that name an account, or stand in a course that it may see."""
    open_to = ["public", *(["campus"] if campus else [])]
    may_see: list[Any] = [courses.c.openness.in_(open_to)]
    if account_id is not None:
        member = (members.c.course_id == courses.c.course_id) & (members.c.account_id == account_id)
        may_see += [taught_by(account_id), exists().where(member)]
    inside = (
        select(items.c.video_id)
        .join(courses, courses.c.course_id == items.c.course_id)
        .where(items.c.video_id.in_(video_ids), or_(*may_see))
    )
    found = set(connection.execute(inside).scalars())
    if account_id is not None:
        naming = people.c.video_id.in_(video_ids) & (people.c.account_id == account_id)
        found |= set(connection.execute(select(people.c.video_id).where(naming)).scalars())
    return found


def reached_by(account_id: str) -> Any:
    """Return a query of the videos that name an account, or stand in a course of its own."""
    return union(
        select(people.c.video_id).where(people.c.account_id == account_id),
        select(items.c.video_id)
        .join(members, members.c.course_id == items.c.course_id)
        .where(members.c.account_id == account_id),
        select(items.c.video_id)
        .join(courses, courses.c.course_id == items.c.course_id)
        .where(taught_by(account_id)),
    )


def taught_by(account_id: str | None) -> Any:
    """Return the condition of courses that an account teaches."""
    beside = select(teachers.c.course_id).where(teachers.c.account_id == account_id)
    return or_(courses.c.user_id == account_id, courses.c.course_id.in_(beside))


def courses_of(connection: Connection, account_id: str) -> list[str]:
    """Return the courses that an account teaches or is a member of."""
    found = union(
        select(members.c.course_id).where(members.c.account_id == account_id),
        select(courses.c.course_id).where(taught_by(account_id)),
    )
    return list(connection.execute(found).scalars())


def forget_video(connection: Connection, video_id: int) -> None:
    """Forget whom a deleted video was shared with, and who has seen how much of it."""
    for table in (people, items, video_seen, video_positions, video_told):
        connection.execute(delete(table).where(table.c.video_id == video_id))
