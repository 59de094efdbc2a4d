"""Who teaches a course: listed, added, taken off; a course handed over."""

from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http.courses import wire as bodies
from quadrangle.videos.http.courses.courses import CourseId, MemberId, calls
from quadrangle.videos.service import VideoService

_PATH = "/api/courses/{courseId:str}"


@calls.get(f"{_PATH}/teachers", "The teachers of a course, whose it is first", SIGNED_IN)
async def list_teachers(
    course_id: CourseId, principal: Injected[Principal], videos: Injected[VideoService]
) -> Response[bodies.PersonList]:
    found = await videos.teaching.show(course_id, principal)
    return Response(
        bodies.PersonList([bodies.person_body(each) for each in found]), headers=PRIVATE
    )


@calls.post(f"{_PATH}/teachers", "Have another teacher run a course too", SIGNED_IN, fails=(409,))
async def add_teacher(
    course_id: CourseId,
    data: JSONBody[bodies.NewMemberBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[bodies.CourseBody]:
    course = await videos.teaching.add(course_id, data.email, principal)
    body = bodies.course_body(course, principal)
    return Response(body, status_code=201, headers=PRIVATE)


@calls.delete(
    f"{_PATH}/teachers/{{accountId:str}}",
    "Have somebody run a course no more, or leave it oneself",
    SIGNED_IN,
    fails=(409,),
)
async def remove_teacher(
    course_id: CourseId,
    account_id: MemberId,
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> None:
    await videos.teaching.remove(course_id, account_id, principal)


@calls.put(f"{_PATH}/owner", "Hand a course to another teacher", SIGNED_IN, fails=(409,))
async def hand_over(
    course_id: CourseId,
    data: JSONBody[bodies.NewMemberBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[bodies.CourseBody]:
    course = await videos.teaching.hand_over(course_id, data.email, principal)
    return Response(bodies.course_body(course, principal), headers=PRIVATE)


ROUTES: list[Any] = [list_teachers, add_teacher, remove_teacher, hand_over]
