"""Watching and helping, and tickets to desktops."""

from typing import Any

import msgspec
from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.control import rules
from quadrangle.meetings.control.model import Action, Control
from quadrangle.meetings.http.callers import OptionalSide
from quadrangle.meetings.http.desktops.lines import stream_path
from quadrangle.meetings.http.parameters import LINK_OR_SIGNED_IN, JoinKey, MeetingId, calls
from quadrangle.meetings.model import MeetingRole, Right
from quadrangle.meetings.service import MeetingService


class ControlIn(msgspec.Struct, forbid_unknown_fields=False):
    """What a side does."""

    action: Action
    role: MeetingRole | None = None


class ControlOut(msgspec.Struct, rename="camel"):
    """How it is now. `hand`: who has keyboard and mouse of the student's desktop; `called`: the
    student asks for help; `offered`: the teacher's desktop may be watched."""

    watching: list[MeetingRole]
    asked: bool
    called: bool
    hand: MeetingRole
    offered: bool
    version: int


class TicketIn(msgspec.Struct):
    """Whose desktop is to be opened."""

    desktop: MeetingRole
    role: MeetingRole | None = None


class TicketOut(msgspec.Struct):
    """An address for one connection within a minute: of the desktop's stream where we pass it on,
    of a page of its own where not."""

    right: Right
    websocket: str | None = None
    url: str | None = None


def control_out(control: Control) -> ControlOut:
    """Return what pages get of the record."""
    return ControlOut(**rules.told(control), version=control.version)


@calls.get(
    "/api/meetings/{meetingId:str}/control",
    "Who watches and who has keyboard and mouse",
    LINK_OR_SIGNED_IN,
    fails=(400, 410),
)
async def control_now(
    meeting_id: MeetingId,
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    role: OptionalSide = None,
    join_key: JoinKey = None,
) -> Response[ControlOut]:
    seat = await meetings.seats.take(meeting_id, role, join_key, principal)
    control = await meetings.supervision.now(seat.meeting.meeting_id)
    return Response(control_out(control), headers=PRIVATE)


@calls.post(
    "/api/meetings/{meetingId:str}/control",
    "Watch, ask for keyboard and mouse, grant and take back",
    status=200,
    fails=(401, 403, 409, 410),
)
async def meeting_control(
    meeting_id: MeetingId,
    data: JSONBody[ControlIn],
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    join_key: JoinKey = None,
) -> ControlOut:
    seat = await meetings.seats.take(meeting_id, data.role, join_key, principal)
    return control_out(
        await meetings.supervision.act(seat.meeting, seat.side, data.action, seat.who)
    )


@calls.post(
    "/api/meetings/{meetingId:str}/tickets",
    "Fetch a ticket for one connection to a desktop",
    status=200,
    fails=(401, 403, 409, 410),
)
async def desktop_ticket(
    meeting_id: MeetingId,
    data: JSONBody[TicketIn],
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    join_key: JoinKey = None,
) -> TicketOut:
    seat = await meetings.seats.take(meeting_id, data.role, join_key, principal)
    right, ticket = await meetings.supervision.ticket(
        seat.meeting, seat.side, data.desktop, seat.account_id
    )
    desktop = seat.meeting.desktop(data.desktop)
    opening = meetings.doors.opening(seat.meeting, desktop, ticket) if desktop else None
    if opening is not None and opening.websocket is None:
        return TicketOut(right, url=opening.url)
    return TicketOut(right, f"{stream_path(meeting_id, data.desktop)}?ticket={ticket}")


ROUTES: list[Any] = [control_now, meeting_control, desktop_ticket]
