"""Meetings for calendars: a file for one, and a secret address for all of a person's."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Response
from litestar.params import JSONBody, PathParameter

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.answers.etags import answer_unless_known
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.http.wire import NothingBody
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.booking.service import BookingService
from quadrangle.meetings.http.booking import wire as wire_booking
from quadrangle.meetings.http.callers import Calling
from quadrangle.meetings.http.parameters import LINK_OR_SIGNED_IN, MeetingId, calls
from quadrangle.meetings.service import MeetingService

MIME = "text/calendar"  # the framework adds the charset

FeedName: TypeAlias = Annotated[
    str, PathParameter(name="name", description="the secret, with .ics behind it")
]


@calls.get(
    "/api/meetings/{meetingId:str}/invitation.ics",
    "One meeting as a file for a calendar",
    LINK_OR_SIGNED_IN,
    fails=(400, 410),
    media_type="text/calendar",
)
async def meeting_file(
    meeting_id: MeetingId,
    calling: Injected[Calling],
    booking: Injected[BookingService],
    meetings: Injected[MeetingService],
) -> Response[bytes]:
    caller = await calling.caller(meetings, meeting_id)
    text = await booking.files.read(meeting_id, caller.principal, caller.side)
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="meeting.ics"'}
    return Response(text.encode(), media_type=MIME, headers=headers)


@calls.get(
    "/api/meetings/feed",
    "Whether one has a calendar address",
    SIGNED_IN,
)
async def own_feed(
    principal: Injected[Principal], booking: Injected[BookingService]
) -> Response[wire_booking.FeedState]:
    return Response(wire_booking.feed_state(await booking.feeds.own(principal)), headers=PRIVATE)


@calls.post(
    "/api/meetings/feed",
    "Have a new calendar address; the earlier one ends",
    SIGNED_IN,
)
async def renew_feed(
    data: JSONBody[NothingBody],
    principal: Injected[Principal],
    booking: Injected[BookingService],
    meetings: Injected[MeetingService],
) -> Response[wire_booking.FeedAnswer]:
    token = await booking.feeds.renew(principal)
    base = meetings.addresses.public_url.rstrip("/")
    address = f"{base}/api/meetings/feed/{token}.ics"
    return Response(wire_booking.FeedAnswer(address), status_code=201, headers=PRIVATE)


@calls.delete(
    "/api/meetings/feed",
    "Have one's calendar address end",
    SIGNED_IN,
    fails=(404,),
)
async def end_feed(principal: Injected[Principal], booking: Injected[BookingService]) -> None:
    await booking.feeds.end(principal)


@calls.get(
    "/api/meetings/feed/{name:str}",
    "A person's meetings, for whoever has the address",
    media_type="text/calendar",
)
async def read_feed(
    name: FeedName, request: Request[Any, Any, Any], booking: Injected[BookingService]
) -> Response[bytes]:
    text = await booking.feeds.read(name.removesuffix(".ics"))
    return answer_unless_known(request, text.encode(), MIME)


ROUTES: list[Any] = [meeting_file, own_feed, renew_feed, end_feed, read_feed]
