"""Free hours of teachers, and taking them."""

from typing import Annotated, Any, TypeAlias

from litestar import Response
from litestar.params import JSONBody, PathParameter, QueryParameter

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.http.injection import Injected
from quadrangle.http.parameters import Cursor, PageSize
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.booking.service import BookingService
from quadrangle.meetings.http import wire
from quadrangle.meetings.http.booking import wire as wire_booking
from quadrangle.meetings.http.booking import wire_hours
from quadrangle.meetings.http.parameters import MeetingId, calls
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.service import MeetingService

BOOK_LIMIT = Limit(burst=20, per_hour=120)  # of one account

TeacherId: TypeAlias = Annotated[
    str, PathParameter(name="teacherId", schema_extra={"format": "uuid"})
]
Zone: TypeAlias = Annotated[
    str, QueryParameter(name="timeZone", max_length=64, description="of the reader")
]
Instant: TypeAlias = Annotated[
    str, QueryParameter(max_length=40, schema_extra={"format": "date-time"})
]


@calls.get(
    "/api/meetings/hours",
    "The hours one offers (teacher)",
    SIGNED_IN,
)
async def own_hours(
    principal: Injected[Principal], booking: Injected[BookingService]
) -> Response[wire_hours.HoursAnswer | None]:
    hours = await booking.publishing.read(principal)
    return Response(None if hours is None else wire_hours.hours_answer(hours), headers=PRIVATE)


@calls.put(
    "/api/meetings/hours",
    "Offer hours in place of those before (teacher)",
    SIGNED_IN,
    fails=(409,),
)
async def publish_hours(
    data: JSONBody[wire_hours.HoursBody],
    principal: Injected[Principal],
    booking: Injected[BookingService],
) -> Response[wire_hours.HoursAnswer]:
    new = wire_hours.new_hours(data)
    hours = await booking.publishing.publish(new, principal, data.version)
    return Response(wire_hours.hours_answer(hours), headers=PRIVATE)


@calls.delete(
    "/api/meetings/hours",
    "Offer no more hours; what was booked stays (teacher)",
    SIGNED_IN,
    status=200,
    fails=(404,),
)
async def withdraw_hours(
    principal: Injected[Principal], booking: Injected[BookingService]
) -> Response[wire_hours.HoursAnswer]:
    hours = await booking.publishing.withdraw(principal)
    return Response(wire_hours.hours_answer(hours), headers=PRIVATE)


@calls.post(
    "/api/meetings/hours/preview",
    "What would be open if these hours were published (teacher)",
    SIGNED_IN,
    status=200,
)
async def preview_hours(
    data: JSONBody[wire_hours.HoursBody],
    first: Instant,
    last: Instant,
    principal: Injected[Principal],
    booking: Injected[BookingService],
    time_zone: Zone = "UTC",
) -> Response[wire_booking.OpenHoursAnswer]:
    new = wire_hours.new_hours(data)
    found = await booking.looking.preview(new, first, last, time_zone, principal)
    return Response(wire_booking.open_hours_answer(found), headers=PRIVATE)


@calls.get(
    "/api/meetings/teachers",
    "Teachers who offer hours, each with the next open one",
    SIGNED_IN,
    fails=(400,),
)
async def teachers(
    principal: Injected[Principal],
    booking: Injected[BookingService],
    time_zone: Zone = "UTC",
    limit: PageSize = 20,
    cursor: Cursor = None,
) -> Response[wire_booking.OfferList]:
    page = await booking.looking.teachers(limit, cursor or None, time_zone, principal)
    offers = [wire_booking.offer_item(offer) for offer in page.items]
    return Response(wire_booking.OfferList(offers, page.next_cursor), headers=PRIVATE)


@calls.get(
    "/api/meetings/teachers/{teacherId:str}/slots",
    "The open hours of a teacher",
    SIGNED_IN,
    fails=(400,),
)
async def open_hours(
    teacher_id: TeacherId,
    first: Instant,
    last: Instant,
    principal: Injected[Principal],
    booking: Injected[BookingService],
    time_zone: Zone = "UTC",
) -> Response[wire_booking.OpenHoursAnswer]:
    found = await booking.looking.open_hours(teacher_id, first, last, time_zone, principal)
    return Response(wire_booking.open_hours_answer(found), headers=PRIVATE)


@calls.post(
    "/api/meetings/teachers/{teacherId:str}/bookings",
    "Take an open hour",
    SIGNED_IN,
    fails=(409, 429),
)
async def book(
    teacher_id: TeacherId,
    data: JSONBody[wire_booking.TakeBody],
    principal: Injected[Principal],
    booking: Injected[BookingService],
    meetings: Injected[MeetingService],
    limiter: Injected[RateLimiter],
) -> Response[wire.MeetingBody]:
    if principal.account_id is not None:
        limiter.take("book", principal.account_id, BOOK_LIMIT)
    meeting = await booking.taking.take(teacher_id, data.starts_at, principal, data.workspace)
    return _answer(meeting, meetings, principal, 201)


@calls.put(
    "/api/meetings/{meetingId:str}/booking",
    "Take another hour of the same teacher instead (student)",
    SIGNED_IN,
    fails=(409, 410),
)
async def book_another(
    meeting_id: MeetingId,
    data: JSONBody[wire_booking.TakeOtherBody],
    principal: Injected[Principal],
    booking: Injected[BookingService],
    meetings: Injected[MeetingService],
) -> Response[wire.MeetingBody]:
    moved = await booking.changing.move(meeting_id, data.starts_at, principal, data.version)
    return _answer(moved, meetings, principal, 200)


@calls.delete(
    "/api/meetings/{meetingId:str}/booking",
    "Give a booked hour back (student)",
    SIGNED_IN,
    status=200,
    fails=(409, 410),
)
async def give_back(
    meeting_id: MeetingId,
    principal: Injected[Principal],
    booking: Injected[BookingService],
    meetings: Injected[MeetingService],
) -> Response[wire.MeetingBody]:
    cancelled = await booking.changing.cancel(meeting_id, principal)
    return _answer(cancelled, meetings, principal, 200)


def _answer(
    meeting: Meeting, meetings: MeetingService, actor: Principal, status: int
) -> Response[wire.MeetingBody]:
    body = wire.meeting_body(meeting, meetings.links, actor)
    return Response(body, status_code=status, headers=PRIVATE)


ROUTES: list[Any] = [
    own_hours,
    publish_hours,
    withdraw_hours,
    preview_hours,
    teachers,
    open_hours,
    book,
    book_another,
    give_back,
]
