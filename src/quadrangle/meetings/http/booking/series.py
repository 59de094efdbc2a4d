"""Weekly series: scheduling one whole, and taking off what is left of it."""

from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.bodies.strict import fields_of
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN, by_key_too
from quadrangle.http.wire import NothingBody
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.booking.series_rules import SeriesClash
from quadrangle.meetings.booking.service import BookingService
from quadrangle.meetings.declared import SCHEDULE
from quadrangle.meetings.http import wire
from quadrangle.meetings.http.booking import wire as wire_booking
from quadrangle.meetings.http.callers import account_of
from quadrangle.meetings.http.parameters import MeetingId, calls
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.meetings.service import MeetingService


@calls.post(
    "/api/meetings/series",
    "Schedule a weekly series, whole or not at all (teacher)",
    by_key_too(SCHEDULE),
    fails=(409,),
)
async def schedule_series(
    data: JSONBody[wire_booking.SeriesBody],
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    booking: Injected[BookingService],
) -> Response[Any]:
    new = NewMeeting(
        teacher_name=data.teacher_name,
        student_name=data.student_name,
        meet_time=data.meet_time,
        frontend_base_url=data.frontend_base_url or booking.join_page,
        time_zone=data.time_zone,
        minutes=data.minutes,
        workspace=data.workspace,
        teacher_id=await account_of(meetings, "teacherEmail", data.teacher_email, principal),
        student_id=await account_of(meetings, "studentEmail", data.student_email, principal),
    )
    try:
        with fields_of(data):
            repeat = wire_booking.repeat_of(data.repeat)
            series = await booking.series.schedule(new, repeat, principal)
    except SeriesClash as clash:  # what every error says, and which meetings it is about
        answer = wire_booking.series_clash_answer(clash)
        return Response(answer, status_code=409, headers=PRIVATE)
    return _answer(series, meetings, principal, 201)


@calls.post(
    "/api/meetings/{meetingId:str}/cancel-following",
    "Take a meeting of a series off, and those after it (teacher)",
    SIGNED_IN,
    status=200,
    fails=(409,),
)
async def cancel_following(
    meeting_id: MeetingId,
    data: JSONBody[NothingBody],
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    booking: Injected[BookingService],
) -> Response[wire.SeriesAnswer]:
    cancelled = await booking.series.cancel_following(meeting_id, principal)
    return _answer(cancelled, meetings, principal, 200)


def _answer(
    series: list[Meeting], meetings: MeetingService, actor: Principal, status: int
) -> Response[wire.SeriesAnswer]:
    bodies = [
        wire.meeting_body(each, meetings.links, actor, just_made=status == 201) for each in series
    ]
    return Response(wire.SeriesAnswer(bodies), status_code=status, headers=PRIVATE)


ROUTES: list[Any] = [schedule_series, cancel_following]
