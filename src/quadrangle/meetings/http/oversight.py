"""What runs, what it costs and what is stuck, for staff."""

from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.parameters import Cursor, PageSize
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.http import wire_oversight as wire
from quadrangle.meetings.http.parameters import MeetingId, calls
from quadrangle.meetings.service import MeetingService


@calls.get(
    "/api/meetings/operation",
    "What runs, what it costs, what is stuck and what was reaped (staff)",
    SIGNED_IN,
)
async def operation(
    principal: Injected[Principal], meetings: Injected[MeetingService]
) -> Response[wire.OverviewBody]:
    found = await meetings.oversight.overview(principal)
    return Response(wire.overview_body(found, meetings.price), headers=PRIVATE)


@calls.get(
    "/api/meetings/operation/history",
    "Meetings that have begun, and what their desktops ran for (staff)",
    SIGNED_IN,
    fails=(400,),
)
async def operation_history(
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    limit: PageSize = 30,
    cursor: Cursor = None,
) -> Response[wire.HistoryBody]:
    page = await meetings.oversight.history(limit, cursor or None, principal)
    bodies = [wire.meeting_use_body(each, meetings.price) for each in page.items]
    return Response(wire.HistoryBody(bodies, page.next_cursor), headers=PRIVATE)


@calls.post(
    "/api/meetings/{meetingId:str}/retry",
    "Have a desktop made anew, or a meeting looked at again (staff)",
    SIGNED_IN,
    status=200,
    fails=(409, 410),
)
async def retry_meeting(
    meeting_id: MeetingId,
    data: JSONBody[wire.RetryBody],
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
) -> Response[wire.MeetingUseBody]:
    use = await meetings.oversight.retry(meeting_id, data.role, principal)
    return Response(wire.meeting_use_body(use, meetings.price), headers=PRIVATE)


@calls.post(
    "/api/meetings/{meetingId:str}/force-end",
    "Have a meeting over, whatever it is at (staff)",
    SIGNED_IN,
    status=200,
    fails=(409, 410),
)
async def force_end_meeting(
    meeting_id: MeetingId,
    data: JSONBody[wire.ForceEndBody],
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
) -> Response[wire.MeetingUseBody]:
    use = await meetings.oversight.force_end(meeting_id, data.reason, principal)
    return Response(wire.meeting_use_body(use, meetings.price), headers=PRIVATE)


ROUTES: list[Any] = [operation, operation_history, retry_meeting, force_end_meeting]
