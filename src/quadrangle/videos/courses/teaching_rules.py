"""Who teaches a course: the one whose it is first, then others who run it with them."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.principal import SYSTEM, Principal, Role
from quadrangle.videos.courses.model import Course, Teacher
from quadrangle.videos.courses.rules import MAKERS, record

MOST_TEACHERS = 20
TEACHER_ADDED = "course.teacher-added"
TEACHER_REMOVED = "course.teacher-removed"
HANDED_OVER = "course.handed-over"


def may_hand_over(who: Principal) -> bool:
    """Tell whether they may give any course to another teacher, whoever teaches it."""
    return who.account_id is not None and who.role in (Role.STAFF, Role.ADMIN)


def joined(
    course: Course, teacher: Teacher, role: Role, now: datetime, who: Principal
) -> tuple[Course, Change]:
    """Return the course with one more teacher. Raises InvalidInput."""
    _require_teacher(role)
    if teacher.account_id in course.teacher_ids:
        raise InvalidInput.at("email", f"{teacher.name} teaches this course already.")
    if len(course.teacher_ids) >= MOST_TEACHERS:
        raise InvalidInput.at("email", f"A course has at most {MOST_TEACHERS} teachers.")
    moved = _with(course, (*_teachers(course), teacher), now)
    return moved, record(TEACHER_ADDED, course, now, who)


def left(
    course: Course, account_id: str, able: Collection[str], now: datetime, who: Principal
) -> tuple[Course, Change]:
    """Return the course without one of its teachers.

    Raises Conflict unless one stays who is `able`: has an account that may run courses.
    """
    staying = tuple(each for each in _teachers(course) if each.account_id != account_id)
    if not any(each.account_id in able for each in staying):
        raise Conflict("A course keeps a teacher. Please hand it to somebody else first.")
    return _with(course, staying, now), record(TEACHER_REMOVED, course, now, who)


def handed_over(
    course: Course, teacher: Teacher, role: Role, now: datetime, who: Principal
) -> tuple[Course, Change]:
    """Return the course as another teacher's; whose it was teaches it no more, others still do.

    Raises InvalidInput.
    """
    _require_teacher(role)
    if teacher.account_id == course.user_id:
        raise InvalidInput.at("email", f"The course is {teacher.name}’s already.")
    others = tuple(each for each in course.others if each.account_id != teacher.account_id)
    return _with(course, (teacher, *others), now), record(HANDED_OVER, course, now, who)


def without(course: Course, account_id: str, now: datetime) -> tuple[Course, Change]:
    """Return the course without a teacher whose account is closed, while another teaches it."""
    staying = tuple(each for each in _teachers(course) if each.account_id != account_id)
    return _with(course, staying, now), record(TEACHER_REMOVED, course, now, SYSTEM)


def _teachers(course: Course) -> tuple[Teacher, ...]:
    first = Teacher(course.user_id, course.owner_name)
    return (*([first] if course.user_id else []), *course.others)


def _with(course: Course, teachers: tuple[Teacher, ...], now: datetime) -> Course:
    first, *others = teachers
    return msgspec.structs.replace(
        course,
        user_id=first.account_id,
        owner_name=first.name,
        others=tuple(others),
        updated_at=to_text(now),
        version=course.version + 1,
    )


def _require_teacher(role: Role) -> None:
    if role not in MAKERS:
        raise InvalidInput.at("email", "Courses are run by teachers, and this is no teacher here.")
