"""Files that a teacher hands out before a meeting and in it."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from litestar import Request, Response
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import QueryParameter

from quadrangle.http.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.parameters import id_in_path
from quadrangle.kernel.files import UNKNOWN
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.http import wire_materials as wire
from quadrangle.meetings.http.callers import OptionalSide
from quadrangle.meetings.http.parameters import LINK_OR_SIGNED_IN, JoinKey, MeetingId, calls
from quadrangle.meetings.materials.service import MaterialsService

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
    body = wire.handout_list(sheet, view.meeting, materials.handing_out.limits)
    return Response(body, headers=PRIVATE)


@calls.post(
    "/api/meetings/{meetingId:str}/files",
    "Hand a file out: it is put on both desktops",
    LINK_OR_SIGNED_IN,
    fails=(400, 409, 410, 413),
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
    sheet = await adding.add(seat.meeting, seat.side, name, await request.body())
    body = wire.handout_list(sheet, seat.meeting, adding.limits)
    return Response(body, status_code=201, headers=PRIVATE)


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
    await materials.handing_out.remove(seat.meeting, seat.side, file_id)


ROUTES: list[Any] = [handouts, add_handout, remove_handout]
