"""Fetching what is kept of a meeting: an address first, then the file at it."""

from typing import Annotated, Any, TypeAlias

from litestar import Response
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.response import Stream

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.answers.downloads import headers_of
from quadrangle.http.injection import Injected
from quadrangle.kernel.errors import Forbidden
from quadrangle.kernel.files import UNKNOWN
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.handouts.handing_out import key_of
from quadrangle.meetings.http.materials import wire
from quadrangle.meetings.http.materials.files import FileId
from quadrangle.meetings.http.materials.recordings import RecordingId
from quadrangle.meetings.http.parameters import LINK_OR_SIGNED_IN, JoinKey, MeetingId, calls
from quadrangle.meetings.joining.seats import View
from quadrangle.meetings.materials.downloads import LONGEST_INSTANT, LONGEST_SIGNATURE, Download
from quadrangle.meetings.materials.service import MaterialsService
from quadrangle.meetings.take_home.packing import ZIP

TAKE_HOME = "take-home.zip"

Generation: TypeAlias = Annotated[
    str,
    PathParameter(
        name="generation",
        description="of the desktop that the files lay on, `teacher-` before it of a teacher's",
    ),
]
Until: TypeAlias = Annotated[str, QueryParameter(name="until", max_length=LONGEST_INSTANT)]
Signature: TypeAlias = Annotated[
    str, QueryParameter(name="signature", max_length=LONGEST_SIGNATURE)
]


@calls.post(
    "/api/meetings/{meetingId:str}/downloads",
    "Have an address for one file that is kept of a meeting",
    LINK_OR_SIGNED_IN,
    status=200,
    fails=(410,),
)
async def download_address(
    meeting_id: MeetingId,
    data: JSONBody[wire.DownloadIn],
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    join_key: JoinKey = None,
) -> Response[wire.DownloadBody]:
    view = await materials.seats.view(meeting_id, data.role, join_key, principal)
    find = {"recording": _film, "take-home": _bundle, "handout": _handout}
    download = await find[data.kind](view, data.name, materials)
    return Response(wire.download_body(download), headers=PRIVATE)


@calls.get(
    "/api/meetings/{meetingId:str}/take-home/{generation:str}",
    "The files that were taken home from a desktop, for whoever has an address of them",
    fails=(400, 410),
    media_type=ZIP,
)
async def take_home(
    meeting_id: MeetingId,
    generation: Generation,
    until: Until,
    signature: Signature,
    materials: Injected[MaterialsService],
) -> Stream:
    materials.downloads.check(_bundle_path(meeting_id, generation), until, signature)
    bundle = await materials.fetching.find(meeting_id, generation)
    pieces = await materials.fetching.content(bundle.key)
    headers = {**headers_of(TAKE_HOME), "Content-Length": str(bundle.size)}
    return Stream(pieces, media_type=ZIP, headers=headers)


@calls.get(
    "/api/meetings/{meetingId:str}/recordings/{recordingId:str}/film",
    "The film of a recording, for whoever has an address of it",
    fails=(400, 410),
    media_type="video/mp4",
)
async def film(
    meeting_id: MeetingId,
    recording_id: RecordingId,
    until: Until,
    signature: Signature,
    materials: Injected[MaterialsService],
) -> Stream:
    materials.downloads.check(_film_path(meeting_id, recording_id), until, signature)
    recording = await materials.directing.find(meeting_id, recording_id)
    pieces = materials.directing.content(recording)
    return Stream(pieces, media_type="video/mp4", headers=headers_of("recording.mp4"))


@calls.get(
    "/api/meetings/{meetingId:str}/files/{fileId:str}/content",
    "A file that was handed out, for whoever has an address of it",
    fails=(400, 410),
    media_type=UNKNOWN,
)
async def handout_content(
    meeting_id: MeetingId,
    file_id: FileId,
    until: Until,
    signature: Signature,
    materials: Injected[MaterialsService],
) -> Stream:
    materials.downloads.check(_handout_path(meeting_id, file_id), until, signature)
    handout = await materials.handing_out.find(meeting_id, file_id)
    pieces = await materials.fetching.content(key_of(meeting_id, file_id))
    headers = {**headers_of(handout.name), "Content-Length": str(handout.size)}
    return Stream(pieces, media_type=UNKNOWN, headers=headers)


async def _bundle(view: View, name: str, materials: MaterialsService) -> Download:
    if view.side is None:
        raise Forbidden("These files are for the two people of the meeting.")
    bundle = await materials.fetching.find(view.meeting.meeting_id, name, view.side)
    path = _bundle_path(view.meeting.meeting_id, bundle.name)
    return await materials.downloads.of_file(path, bundle.key, TAKE_HOME, ZIP)


async def _handout(view: View, name: str, materials: MaterialsService) -> Download:
    if view.side is None:
        raise Forbidden("These files are for the two people of the meeting.")
    handout = await materials.handing_out.find(view.meeting.meeting_id, name)
    path = _handout_path(view.meeting.meeting_id, handout.file_id)
    key = key_of(view.meeting.meeting_id, handout.file_id)
    return await materials.downloads.of_file(path, key, handout.name, UNKNOWN)


async def _film(view: View, name: str, materials: MaterialsService) -> Download:
    recording = await materials.directing.find(view.meeting.meeting_id, name)
    path = _film_path(view.meeting.meeting_id, recording.recording_id)
    return materials.downloads.issue(path)


def _bundle_path(meeting_id: str, generation: str) -> str:
    return f"/api/meetings/{meeting_id}/take-home/{generation}"


def _handout_path(meeting_id: str, file_id: str) -> str:
    return f"/api/meetings/{meeting_id}/files/{file_id}/content"


def _film_path(meeting_id: str, recording_id: str) -> str:
    return f"/api/meetings/{meeting_id}/recordings/{recording_id}/film"


ROUTES: list[Any] = [download_address]
CONTENTS: list[Any] = [take_home, film, handout_content]
