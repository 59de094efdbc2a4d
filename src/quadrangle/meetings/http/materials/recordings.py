"""Recordings of desktops: asking, agreeing, stopping, and having a film removed."""

from typing import Annotated, Any, TypeAlias

from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.parameters import id_in_path
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.http.callers import OptionalSide
from quadrangle.meetings.http.materials import wire
from quadrangle.meetings.http.parameters import LINK_OR_SIGNED_IN, JoinKey, MeetingId, calls
from quadrangle.meetings.materials.service import MaterialsService
from quadrangle.meetings.recording.directing import Wish

RecordingId: TypeAlias = Annotated[str, id_in_path("recordingId")]


@calls.get(
    "/api/meetings/{meetingId:str}/recordings",
    "The recordings of a meeting, for its two people and staff",
    LINK_OR_SIGNED_IN,
    fails=(400, 410),
)
async def recordings(
    meeting_id: MeetingId,
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    role: OptionalSide = None,
    join_key: JoinKey = None,
) -> Response[wire.RecordingList]:
    await materials.seats.view(meeting_id, role, join_key, principal)
    sheet = await materials.directing.show(meeting_id)
    return Response(wire.recording_list(sheet), headers=PRIVATE)


@calls.post(
    "/api/meetings/{meetingId:str}/recordings",
    "Ask for a recording, agree to it, refuse it or stop it",
    LINK_OR_SIGNED_IN,
    status=200,
    fails=(409, 410),
)
async def direct_recording(
    meeting_id: MeetingId,
    data: JSONBody[wire.RecordingIn],
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    join_key: JoinKey = None,
) -> Response[wire.RecordingList]:
    seat = await materials.seats.take(meeting_id, data.role, join_key, principal)
    wish = Wish(data.action, data.desktop, data.recording_id)
    sheet = await materials.directing.act(seat.meeting, seat.side, wish, seat.who)
    return Response(wire.recording_list(sheet), headers=PRIVATE)


@calls.delete(
    "/api/meetings/{meetingId:str}/recordings/{recordingId:str}",
    "Have the film of a recording removed, by either of the two or staff",
    LINK_OR_SIGNED_IN,
    fails=(400, 409, 410),
)
async def discard_recording(
    meeting_id: MeetingId,
    recording_id: RecordingId,
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    role: OptionalSide = None,
    join_key: JoinKey = None,
) -> None:
    view = await materials.seats.view(meeting_id, role, join_key, principal)
    await materials.directing.discard(meeting_id, recording_id, view.actor)


ROUTES: list[Any] = [recordings, direct_recording, discard_recording]
