"""Meetings for calendars: a file for one, and a secret address for all of a person's."""

from typing import Annotated, Any, TypeAlias

from litestar import Response, delete, get, post
from litestar.params import JSONBody, PathParameter

from quadrangle.http.bodies import StrictBody
from quadrangle.http.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.booking.service import BookingService
from quadrangle.meetings.http import wire, wire_booking
from quadrangle.meetings.http.callers import Calling
from quadrangle.meetings.http.parameters import TAGS, MeetingId
from quadrangle.meetings.service import MeetingService

MIME = "text/calendar; charset=utf-8"

FeedName: TypeAlias = Annotated[
    str, PathParameter(name="name", description="the secret, with .ics behind it")
]


@get(
    "/api/meetings/{meetingId:str}/invitation.ics",
    media_type="text/calendar",
    summary="One meeting as a file for a calendar",
    tags=TAGS,
    security=[{}, *SIGNED_IN],
    responses=problems(400, 401, 404, 410),
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


@get(
    "/api/meetings/feed",
    return_dto=None,
    summary="Whether one has a calendar address",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403),
)
async def own_feed(
    principal: Injected[Principal], booking: Injected[BookingService]
) -> Response[wire_booking.FeedState]:
    return Response(wire_booking.feed_state(await booking.feeds.own(principal)), headers=PRIVATE)


@post(
    "/api/meetings/feed",
    dto=StrictBody,
    return_dto=None,
    summary="Have a new calendar address; the earlier one ends",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403),
)
async def renew_feed(
    data: JSONBody[wire.NothingBody],
    principal: Injected[Principal],
    booking: Injected[BookingService],
    meetings: Injected[MeetingService],
) -> Response[wire_booking.FeedAnswer]:
    token = await booking.feeds.renew(principal)
    base = meetings.addresses.public_url.rstrip("/")
    address = f"{base}/api/meetings/feed/{token}.ics"
    return Response(wire_booking.FeedAnswer(address), status_code=201, headers=PRIVATE)


@delete(
    "/api/meetings/feed",
    summary="Have one's calendar address end",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403, 404),
)
async def end_feed(principal: Injected[Principal], booking: Injected[BookingService]) -> None:
    await booking.feeds.end(principal)


@get(
    "/api/meetings/feed/{name:str}",
    media_type="text/calendar",
    summary="A person's meetings, for whoever has the address",
    tags=TAGS,
    responses=problems(404),
)
async def read_feed(name: FeedName, booking: Injected[BookingService]) -> Response[bytes]:
    text = await booking.feeds.read(name.removesuffix(".ics"))
    return Response(text.encode(), media_type=MIME, headers=PRIVATE)


ROUTES: list[Any] = [meeting_file, own_feed, renew_feed, end_feed, read_feed]
