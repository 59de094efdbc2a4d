"""The shapes of courses, and of whom videos are shared with, on the wire."""

from typing import Annotated

import msgspec
from msgspec import Meta

from quadrangle.http.openapi import Id, Instant, line_of, optional_text_of
from quadrangle.kernel.principal import Principal
from quadrangle.videos.courses.courses import Shown as ShownCourse
from quadrangle.videos.courses.model import Course, Openness
from quadrangle.videos.courses.rules import LONGEST_TITLE, may_change
from quadrangle.videos.courses.teaching_rules import may_hand_over
from quadrangle.videos.http.wire import Pagination, Shown, VideoBody, video_body
from quadrangle.videos.rules import LONGEST_DESCRIPTION
from quadrangle.videos.sharing.model import Person
from quadrangle.videos.sharing.sharing import SharedWith


class PersonBody(msgspec.Struct):
    account_id: Id
    name: str
    email: str


class PersonList(msgspec.Struct):
    people: list[PersonBody]


class CourseNameBody(msgspec.Struct):
    id: Id
    title: str
    openness: Openness


class SharingBody(msgspec.Struct):
    """`disabled` counts people who stay named while their accounts are disabled."""

    people: list[PersonBody]
    courses: list[CourseNameBody]
    disabled: int
    version: str


class ShareBody(msgspec.Struct):
    """All whom a video is to be shared with: addresses, and ids of courses. With a `version`, that
    one alone is replaced."""

    people: list[str]
    courses: list[str]
    version: Annotated[str, Meta(max_length=40)] | None = None


class CourseBody(msgspec.Struct):
    id: Id
    user_id: str
    owner_name: str
    title: str
    description: str
    openness: Openness
    video_count: int
    created_at: Instant
    updated_at: Instant
    other_teachers: list[str]
    mine: bool
    teaches: bool
    can_hand_over: bool
    version: int


class ItemBody(msgspec.Struct):
    video: VideoBody
    seen: bool


class WholeCourseBody(CourseBody):
    items: list[ItemBody]


class CourseList(msgspec.Struct):
    courses: list[CourseBody]
    pagination: Pagination


class NewCourseBody(msgspec.Struct):
    title: Annotated[str, line_of(LONGEST_TITLE)]
    description: Annotated[str, optional_text_of(LONGEST_DESCRIPTION)] = ""
    openness: Openness = Openness.MEMBERS


class CourseEditBody(msgspec.Struct):
    """What is left out stays as it is. With a `version`, that one alone is changed."""

    title: Annotated[str, line_of(LONGEST_TITLE)] | None = None
    description: Annotated[str, optional_text_of(LONGEST_DESCRIPTION)] | None = None
    openness: Openness | None = None
    version: int | None = None


class OrderBody(msgspec.Struct):
    """All videos of a course by their numbers, in their order; those in it that somebody may not
    see keep their places."""

    videos: list[int]
    version: int | None = None


class NewMemberBody(msgspec.Struct):
    email: Annotated[str, Meta(max_length=254)]


class SeenBody(msgspec.Struct):
    seen: bool


class FeedBody(msgspec.Struct):
    """`url` is told where it is no secret, and once when it is made."""

    exists: bool
    url: str | None
    created_at: Instant | None


def person_body(person: Person) -> PersonBody:
    return PersonBody(person.account_id, person.name, person.email)


def sharing_body(shared: SharedWith) -> SharingBody:
    return SharingBody(
        [person_body(each) for each in shared.people],
        [CourseNameBody(each.course_id, each.title, each.openness) for each in shared.courses],
        shared.disabled,
        shared.version,
    )


def course_body(course: Course, who: Principal) -> CourseBody:
    return CourseBody(
        id=course.course_id,
        user_id=course.user_id,
        owner_name=course.owner_name,
        title=course.title,
        description=course.description,
        openness=course.openness,
        video_count=len(course.videos),
        created_at=course.created_at,
        updated_at=course.updated_at,
        other_teachers=[each.name for each in course.others],
        mine=may_change(course, who),
        teaches=who.account_id is not None and who.account_id in course.teacher_ids,
        can_hand_over=may_change(course, who) or may_hand_over(who),
        version=course.version,
    )


def whole_course(shown: ShownCourse, made_with: Shown) -> WholeCourseBody:
    course = msgspec.structs.asdict(course_body(shown.course, made_with.who))
    items = [
        ItemBody(video_body(each, made_with), each.video_id in shown.seen) for each in shown.videos
    ]
    return WholeCourseBody(**course, items=items)
