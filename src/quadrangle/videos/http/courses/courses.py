"""Courses: listed, made, shown, changed, with their members."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Response
from litestar.params import JSONBody, PathParameter, QueryParameter

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.parameters import id_in_path
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.principal import Principal
from quadrangle.videos.courses.rules import CourseEdit
from quadrangle.videos.http import wire
from quadrangle.videos.http.addresses import base_of
from quadrangle.videos.http.courses import wire as bodies
from quadrangle.videos.http.parameters import (
    ANYONE_OR_SIGNED_IN,
    Mine,
    PageLimit,
    PageNumber,
)
from quadrangle.videos.service import VideoService

calls = Calls("Courses")
CourseId: TypeAlias = Annotated[str, id_in_path("courseId")]
Everything: TypeAlias = Annotated[
    bool, QueryParameter(name="all", description="whoever's, for staff")
]
MemberId: TypeAlias = Annotated[str, PathParameter(name="accountId")]


@calls.get("/api/courses", "Courses by title", ANYONE_OR_SIGNED_IN, fails=(400, 403))
async def list_courses(
    principal: Injected[Principal],
    videos: Injected[VideoService],
    page: PageNumber = 1,
    limit: PageLimit = 20,
    mine: Mine = False,
    everything: Everything = False,
) -> Response[bodies.CourseList]:
    found, total = await videos.courses.page(
        principal,
        mine=mine,
        everything=everything,
        offset=(page - 1) * limit,
        limit=limit,
    )
    pagination = wire.Pagination(total, page, limit, -(-total // limit))
    courses = [bodies.course_body(each, principal) for each in found]
    return Response(bodies.CourseList(courses, pagination), headers=PRIVATE)


@calls.post("/api/courses", "Make a course", SIGNED_IN)
async def make_course(
    data: JSONBody[bodies.NewCourseBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[bodies.CourseBody]:
    edit = CourseEdit(title=data.title, description=data.description, openness=data.openness)
    course = await videos.courses.make(edit, principal)
    body = bodies.course_body(course, principal)
    return Response(body, status_code=201, headers=PRIVATE)


@calls.get("/api/courses/{courseId:str}", "A course with its videos", ANYONE_OR_SIGNED_IN)
async def show_course(
    course_id: CourseId,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[bodies.WholeCourseBody]:
    return await _answer(request, principal, videos, course_id)


@calls.put(
    "/api/courses/{courseId:str}",
    "Change what is said of a course, and who may see it",
    SIGNED_IN,
    fails=(409,),
)
async def change_course(
    course_id: CourseId,
    data: JSONBody[bodies.CourseEditBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[bodies.CourseBody]:
    edit = CourseEdit(title=data.title, description=data.description, openness=data.openness)
    course = await videos.courses.change(course_id, edit, principal, data.version)
    return Response(bodies.course_body(course, principal), headers=PRIVATE)


@calls.put(
    "/api/courses/{courseId:str}/videos",
    "Have a course be of these videos, in this order",
    SIGNED_IN,
    fails=(409,),
)
async def arrange_course(
    course_id: CourseId,
    data: JSONBody[bodies.OrderBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[bodies.WholeCourseBody]:
    await videos.courses.arrange(course_id, data.videos, principal, data.version)
    return await _answer(request, principal, videos, course_id)


@calls.delete("/api/courses/{courseId:str}", "Delete a course; its videos stay", SIGNED_IN)
async def delete_course(
    course_id: CourseId, principal: Injected[Principal], videos: Injected[VideoService]
) -> None:
    await videos.courses.delete(course_id, principal)


@calls.get("/api/courses/{courseId:str}/members", "The members of a course by name", SIGNED_IN)
async def list_members(
    course_id: CourseId, principal: Injected[Principal], videos: Injected[VideoService]
) -> Response[bodies.PersonList]:
    members = await videos.courses.members(course_id, principal)
    return Response(
        bodies.PersonList([bodies.person_body(each) for each in members]), headers=PRIVATE
    )


@calls.post("/api/courses/{courseId:str}/members", "Have somebody be a member", SIGNED_IN)
async def add_member(
    course_id: CourseId,
    data: JSONBody[bodies.NewMemberBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[bodies.PersonBody]:
    person = await videos.courses.add_member(course_id, data.email, principal)
    return Response(bodies.person_body(person), status_code=201, headers=PRIVATE)


@calls.delete(
    "/api/courses/{courseId:str}/members/{accountId:str}",
    "Have somebody be no member any more, or leave oneself",
    SIGNED_IN,
)
async def remove_member(
    course_id: CourseId,
    account_id: MemberId,
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> None:
    await videos.courses.remove_member(course_id, account_id, principal)


async def _answer(
    request: Request[Any, Any, Any], who: Principal, videos: VideoService, course_id: str
) -> Response[bodies.WholeCourseBody]:
    shown = await videos.courses.show(course_id, who)
    paces = await videos.gallery.paces(*shown.videos)
    base = base_of(request, videos.public_url)
    made_with = wire.Shown(who, videos.links, videos.grants, base, paces)
    return Response(bodies.whole_course(shown, made_with), headers=PRIVATE)


ROUTES: list[Any] = [
    list_courses,
    make_course,
    show_course,
    change_course,
    arrange_course,
    delete_course,
    list_members,
    add_member,
    remove_member,
]
