"""Meetings beyond the source, under /api/meetings."""

from typing import Any

from litestar import Response
from litestar.params import FromQuery, JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.bodies.strict import fields_of
from quadrangle.http.injection import Injected
from quadrangle.http.parameters import Cursor, PageSize, instant_in
from quadrangle.http.routes import SIGNED_IN
from quadrangle.http.wire import NothingBody
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.booking.service import BookingService
from quadrangle.meetings.http import wire
from quadrangle.meetings.http.callers import Calling
from quadrangle.meetings.http.parameters import (
    LINK_OR_SIGNED_IN,
    Everyone,
    From,
    MeetingId,
    StatusFilter,
    To,
    calls,
)
from quadrangle.meetings.model import Meeting, Status
from quadrangle.meetings.ports import MeetingQuery
from quadrangle.meetings.service import MeetingService


@calls.get(
    "/api/meetings",
    "One's meetings, by their start; everyone's for staff",
    SIGNED_IN,
    fails=(400,),
)
async def list_meetings(
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    everyone: Everyone = False,
    status: StatusFilter = None,
    first: From = None,
    last: To = None,
    newest_first: FromQuery[bool] = False,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Response[wire.MeetingList]:
    query = MeetingQuery(
        status=Status(status) if status else None,
        first=instant_in("from", first),
        last=instant_in("to", last),
        newest_first=newest_first,
    )
    read = meetings.reading.all if everyone else meetings.reading.mine
    page = await read(query, limit, cursor or None, principal)
    bodies = [wire.meeting_body(each, meetings.links, principal) for each in page.items]
    return Response(wire.MeetingList(bodies, page.next_cursor), headers=PRIVATE)


@calls.get(
    "/api/meetings/{meetingId:str}",
    "One meeting, for its people and staff",
    SIGNED_IN,
)
async def show_meeting(
    meeting_id: MeetingId,
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    booking: Injected[BookingService],
) -> Response[wire.MeetingBody]:
    meeting, attendance = await meetings.reading.whole(meeting_id, principal)
    body = wire.meeting_body(meeting, meetings.links, principal, attendance)
    refusals = await booking.changing.refusals(meeting, principal)
    if refusals is not None:
        body.refusals = wire.RefusalsBody(refusals.move, refusals.cancel)
    return Response(body, headers=PRIVATE)


@calls.patch(
    "/api/meetings/{meetingId:str}",
    "Have a meeting at another time",
    LINK_OR_SIGNED_IN,
    fails=(409, 410, 429),
)
async def move_meeting(
    meeting_id: MeetingId,
    data: JSONBody[wire.MoveBody],
    calling: Injected[Calling],
    meetings: Injected[MeetingService],
) -> Response[wire.MeetingBody]:
    caller = await calling.caller(meetings, meeting_id)
    with fields_of(data):
        moved = await meetings.scheduling.move(
            meeting_id, caller, data.meet_time, data.time_zone, data.minutes, data.version
        )
    return _changed(moved, calling, meetings)


@calls.post(
    "/api/meetings/{meetingId:str}/cancel",
    "Take a meeting off before anyone joined",
    LINK_OR_SIGNED_IN,
    status=200,
    fails=(409, 410),
)
async def cancel_meeting(
    meeting_id: MeetingId,
    data: JSONBody[NothingBody],
    calling: Injected[Calling],
    meetings: Injected[MeetingService],
) -> Response[wire.MeetingBody]:
    caller = await calling.caller(meetings, meeting_id)
    return _changed(await meetings.scheduling.cancel(meeting_id, caller), calling, meetings)


@calls.post(
    "/api/meetings/{meetingId:str}/end",
    "End a meeting that people have joined",
    LINK_OR_SIGNED_IN,
    status=200,
    fails=(409, 410),
)
async def end_meeting(
    meeting_id: MeetingId,
    data: JSONBody[NothingBody],
    calling: Injected[Calling],
    meetings: Injected[MeetingService],
) -> Response[wire.MeetingBody]:
    caller = await calling.caller(meetings, meeting_id)
    return _changed(await meetings.scheduling.end(meeting_id, caller), calling, meetings)


@calls.post(
    "/api/meetings/{meetingId:str}/extend",
    "Give a meeting more time",
    LINK_OR_SIGNED_IN,
    status=200,
    fails=(409, 410),
)
async def extend_meeting(
    meeting_id: MeetingId,
    data: JSONBody[wire.ExtendBody],
    calling: Injected[Calling],
    meetings: Injected[MeetingService],
) -> Response[wire.MeetingBody]:
    caller = await calling.caller(meetings, meeting_id)
    extended = await meetings.scheduling.extend(meeting_id, caller, data.minutes)
    return _changed(extended, calling, meetings)


@calls.post(
    "/api/meetings/{meetingId:str}/links",
    "Have new links take the place of a meeting's",
    LINK_OR_SIGNED_IN,
    status=200,
    fails=(409, 410, 429),
)
async def renew_links(
    meeting_id: MeetingId,
    data: JSONBody[NothingBody],
    calling: Injected[Calling],
    meetings: Injected[MeetingService],
) -> Response[wire.MeetingBody]:
    caller = await calling.caller(meetings, meeting_id)
    renewed = await meetings.scheduling.renew_links(meeting_id, caller)
    return _changed(renewed, calling, meetings, just_made=True)


def _changed(
    meeting: Meeting, calling: Calling, meetings: MeetingService, *, just_made: bool = False
) -> Response[wire.MeetingBody]:
    body = wire.meeting_body(meeting, meetings.links, calling.principal, just_made=just_made)
    return Response(body, headers=PRIVATE)


ROUTES: list[Any] = [
    list_meetings,
    show_meeting,
    move_meeting,
    cancel_meeting,
    end_meeting,
    extend_meeting,
    renew_links,
]
