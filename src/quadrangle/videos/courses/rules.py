"""Who may see and change a course, and what changing it does."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, FieldError, Forbidden, InvalidInput
from quadrangle.kernel.principal import SYSTEM, Principal, Role
from quadrangle.kernel.text import Checked
from quadrangle.videos.courses.model import Course, Openness
from quadrangle.videos.rules import FORMER, LONGEST_DESCRIPTION, require_account

LONGEST_TITLE = 200
MOST_VIDEOS = 200
MOST_MEMBERS = 2000
MADE = "course.made"
CHANGED = "course.changed"
DELETED = "course.deleted"
MEMBER_ADDED = "course.member-added"
MEMBER_REMOVED = "course.member-removed"
FEED_RENEWED = "course.feed-renewed"
FEED_ENDED = "course.feed-ended"
_WIDTH = {Openness.MEMBERS: 0, Openness.CAMPUS: 1, Openness.PUBLIC: 2}
MAKERS = (Role.TEACHER, Role.STAFF, Role.ADMIN)


class CourseEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed; None leaves as it is."""

    title: str | None = None
    description: str | None = None
    openness: Openness | None = None


def require_maker(who: Principal) -> str:
    """Return the account of somebody who may make courses. Raises NotSignedIn, Forbidden."""
    account_id = require_account(who)
    if who.role not in MAKERS:
        raise Forbidden("Courses are made by teachers.")
    return account_id


def may_change(course: Course, who: Principal) -> bool:
    """Tell whether they may do with it all that can be done."""
    if who.account_id is None:
        return False
    runs = who.account_id in course.teacher_ids and who.role in MAKERS
    return runs or who.is_admin


def may_see(course: Course, who: Principal, *, is_member: bool) -> bool:
    """Tell whether they may see that it is there, and what in it is for them.

    Staff may, to hand it over; whoever taught it and is no teacher any more sees it as members do.
    """
    if may_change(course, who) or course.openness is Openness.PUBLIC:
        return True
    if who.account_id is not None and (who.is_staff or who.account_id in course.teacher_ids):
        return True
    return is_member or (course.openness is Openness.CAMPUS and who.role is not None)


def made(course_id: str, edit: CourseEdit, now: datetime, who: Principal) -> tuple[Course, Change]:
    """Return a new course. Raises InvalidInput, NotSignedIn, Forbidden."""
    owner, checked = require_maker(who), Checked()
    values = _checked(checked, edit)
    if "title" not in values:
        checked.fault("title", "Please fill this in.")
    if checked.errors:
        raise InvalidInput(checked.errors)
    at = to_text(now)
    course = Course(
        course_id=course_id,
        user_id=owner,
        owner_name=who.name,
        title="",
        created_at=at,
        updated_at=at,
    )
    course = msgspec.structs.replace(course, **values)
    return course, record(MADE, course, now, who, {"openness": course.openness.value})


def edited(
    course: Course, edit: CourseEdit, now: datetime, who: Principal
) -> tuple[Course, Change]:
    """Return the course as it is after the edit. Raises InvalidInput."""
    checked = Checked()
    values = _checked(checked, edit)
    if checked.errors:
        raise InvalidInput(checked.errors)
    moved = _next(course, now, **values)
    data = {"fields": [*values], "old": course.openness.value, "new": moved.openness.value}
    return moved, record(CHANGED, course, now, who, data)


def arranged(
    course: Course, videos: Sequence[int], now: datetime, who: Principal
) -> tuple[Course, Change]:
    """Return the course with these videos in this order. Raises InvalidInput."""
    check_order(videos)
    moved = _next(course, now, videos=tuple(videos))
    return moved, record(CHANGED, course, now, who, {"fields": ["videos"]})


def check_order(videos: Sequence[int]) -> None:
    """Raise InvalidInput for too many videos, and for one that is named twice."""
    if len(set(videos)) != len(videos):
        raise InvalidInput([FieldError("videos", "A video can be in a course once.")])
    if len(videos) > MOST_VIDEOS:
        sentence = f"A course has at most {MOST_VIDEOS} videos."
        raise InvalidInput([FieldError("videos", sentence)])


def check_room(course: Course) -> None:
    """Raise InvalidInput unless one more video goes into a course."""
    if len(course.videos) >= MOST_VIDEOS:
        sentence = f"“{course.title}” has {MOST_VIDEOS} videos already, the most a course can have."
        raise InvalidInput([FieldError("courses", sentence)])


def require_version(course: Course, version: int | None) -> None:
    """Raise Conflict unless somebody had this version before them; None is whichever it is."""
    if version is not None and version != course.version:
        raise Conflict(
            "Somebody changed this course meanwhile. Please look at it again; yours is not saved."
        )


def with_unseen(before: Sequence[int], order: Sequence[int], shown: Collection[int]) -> list[int]:
    """Return an order with those that its maker was not shown: each after what it came after."""
    kept = list(order)
    last: int | None = None
    for each in before:
        if each not in shown and each not in kept:
            kept.insert(0 if last is None else kept.index(last) + 1, each)
        if each in kept:
            last = each
    return kept


def narrows(before: Course, after: Course) -> bool:
    """Tell whether some who might see the course may no longer."""
    return _WIDTH[after.openness] < _WIDTH[before.openness] or loses_teacher(before, after)


def loses_teacher(before: Course, after: Course) -> bool:
    """Tell whether somebody teaches it no longer who may still sign in."""
    return after.user_id != "" and not set(before.teacher_ids) <= set(after.teacher_ids)


def ownerless(course: Course, now: datetime) -> tuple[Course, Change]:
    """Return the course without whose it was; admins alone may change it from then on."""
    moved = _next(course, now, user_id="", owner_name=FORMER)
    return moved, record(CHANGED, course, now, SYSTEM, {"fields": ["owner"]})


def record(
    kind: str, course: Course, now: datetime, who: Principal, data: dict[str, object] | None = None
) -> Change:
    """Return the change record of something that was done with a course."""
    return Change(
        kind=kind,
        subject=course.subject,
        data=data or {},
        actor=who.name,
        at=to_text(now),
        actor_id=who.account_id,
        origin=who.origin,
    )


def _checked(checked: Checked, edit: CourseEdit) -> dict[str, object]:
    values: dict[str, object] = {}
    if edit.title is not None:
        values["title"] = checked.line("title", edit.title, LONGEST_TITLE)
    if edit.description is not None:
        text = edit.description
        values["description"] = checked.optional_text("description", text, LONGEST_DESCRIPTION)
    if edit.openness is not None:
        values["openness"] = edit.openness
    return values


def _next(course: Course, now: datetime, **values: object) -> Course:
    return msgspec.structs.replace(
        course, **values, updated_at=to_text(now), version=course.version + 1
    )
