"""Files that a teacher hands out before a meeting and in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from litestar import Request, Response
from litestar.exceptions import InternalServerException
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import JSONBody, QueryParameter

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.parameters import id_in_path
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.files import UNKNOWN
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.handouts.model import Handouts
from quadrangle.meetings.handouts.receiving import BROKEN_OFF
from quadrangle.meetings.http.callers import OptionalSide
from quadrangle.meetings.http.materials import wire
from quadrangle.meetings.http.parameters import LINK_OR_SIGNED_IN, JoinKey, MeetingId, calls
from quadrangle.meetings.materials.service import MaterialsService
from quadrangle.meetings.model import Meeting

LARGEST = 100 * 1024 * 1024  # bytes; an installation may allow less

FileId: TypeAlias = Annotated[str, id_in_path("fileId")]
FileName: TypeAlias = Annotated[str, QueryParameter(name="name", max_length=300)]


@dataclass
class _FileBody(Operation):
    def __post_init__(self) -> None:
        binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        self.request_body = RequestBody(
            content={UNKNOWN: OpenAPIMediaType(schema=binary)},
            required=True,
            description="The file itself.",
        )


@calls.get(
    "/api/meetings/{meetingId:str}/files",
    "The files that are handed out in a meeting",
    LINK_OR_SIGNED_IN,
    fails=(400, 410),
)
async def handouts(
    meeting_id: MeetingId,
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    role: OptionalSide = None,
    join_key: JoinKey = None,
) -> Response[wire.HandoutList]:
    view = await materials.seats.view(meeting_id, role, join_key, principal)
    sheet = await materials.handing_out.show(view.meeting)
    return Response(_listed(sheet, view.meeting, materials), headers=PRIVATE)


@calls.post(
    "/api/meetings/{meetingId:str}/files",
    "Hand a file out: it is put on both desktops",
    LINK_OR_SIGNED_IN,
    fails=(400, 409, 410, 413, 429),
    operation_class=_FileBody,
    request_max_body_size=LARGEST,
)
async def add_handout(
    meeting_id: MeetingId,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    name: FileName = "",
    role: OptionalSide = None,
    join_key: JoinKey = None,
) -> Response[wire.HandoutList]:
    seat = await materials.seats.take(meeting_id, role, join_key, principal)
    adding = materials.handing_out
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isdigit() else None
    sheet = await adding.add(seat.meeting, seat.side, name, _pieces(request), size, seat.who)
    return Response(_listed(sheet, seat.meeting, materials), status_code=201, headers=PRIVATE)


@calls.post(
    "/api/meetings/{meetingId:str}/files/announcements",
    "Have an address that a file to hand out is sent to",
    LINK_OR_SIGNED_IN,
    fails=(400, 409, 410, 413),
)
async def announce_handout(
    meeting_id: MeetingId,
    data: JSONBody[wire.AnnounceIn],
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    join_key: JoinKey = None,
) -> Response[wire.AnnouncedBody]:
    seat = await materials.seats.take(meeting_id, data.role, join_key, principal)
    announced = await materials.handing_out.announce(seat.meeting, seat.side, data.name, data.size)
    return Response(wire.announced_body(announced), status_code=201, headers=PRIVATE)


@calls.put(
    "/api/meetings/{meetingId:str}/files/{fileId:str}",
    "Hand a file out that was announced and sent: it is put on both desktops",
    LINK_OR_SIGNED_IN,
    fails=(400, 409, 410, 413),
)
async def take_handout_in(
    meeting_id: MeetingId,
    file_id: FileId,
    data: JSONBody[wire.ArrivedIn],
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    join_key: JoinKey = None,
) -> Response[wire.HandoutList]:
    seat = await materials.seats.take(meeting_id, data.role, join_key, principal)
    sheet = await materials.handing_out.take_in(
        seat.meeting, seat.side, file_id, data.name, seat.who
    )
    return Response(_listed(sheet, seat.meeting, materials), headers=PRIVATE)


@calls.delete(
    "/api/meetings/{meetingId:str}/files/{fileId:str}",
    "Take back a file that lies on no desktop yet",
    LINK_OR_SIGNED_IN,
    fails=(400, 409, 410),
)
async def remove_handout(
    meeting_id: MeetingId,
    file_id: FileId,
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    role: OptionalSide = None,
    join_key: JoinKey = None,
) -> None:
    seat = await materials.seats.take(meeting_id, role, join_key, principal)
    await materials.handing_out.remove(seat.meeting, seat.side, file_id, seat.who)


async def _pieces(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    try:
        async for piece in request.stream():
            yield piece
    except InternalServerException as error:  # so it calls a client that hung up
        raise InvalidInput.at("name", BROKEN_OFF) from error


def _listed(sheet: Handouts, meeting: Meeting, materials: MaterialsService) -> wire.HandoutList:
    adding = materials.handing_out
    return wire.handout_list(sheet, meeting, adding.limits, announced=adding.are_announced)


ROUTES: list[Any] = [handouts, remove_handout]
WITH_THE_CALL = [add_handout]
ANNOUNCED = [announce_handout, take_handout_in]
