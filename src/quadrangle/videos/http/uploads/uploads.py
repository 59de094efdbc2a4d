"""What is known of uploads; their bytes come by tus.py or parts.py."""

from typing import Any

from litestar import Response
from msgspec import UNSET

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http import wire
from quadrangle.videos.http.parameters import UploadId, calls
from quadrangle.videos.service import VideoService
from quadrangle.videos.uploads.model import Upload


@calls.get("/api/uploads", "One's uploads that are not whole, and what may be uploaded", SIGNED_IN)
async def list_uploads(
    principal: Injected[Principal], videos: Injected[VideoService]
) -> Response[wire.UploadList]:
    unfinished = await videos.uploads.unfinished(principal)
    used, refusal = await videos.uploads.room(principal)
    limits, refused = videos.uploads.limits, refusal or None
    quota, way = limits.quota or None, videos.uploads.way
    answer = wire.UploadList(
        [_body(upload, offset, None) for upload, offset in unfinished],
        wire.LimitsBody(limits.largest, quota, used, refused, way),
    )
    return Response(answer, headers=PRIVATE)


@calls.get("/api/uploads/{uploadId:str}", "How far an upload of one's own is", SIGNED_IN)
async def show_upload(
    upload_id: UploadId, principal: Injected[Principal], videos: Injected[VideoService]
) -> Response[wire.VideoUploadBody]:
    upload = await videos.uploads.own(upload_id, principal)
    offset, video_id = await videos.uploads.look(upload)
    return Response(_body(upload, offset, video_id), headers=PRIVATE)


def _body(upload: Upload, offset: int, video_id: int | None) -> wire.VideoUploadBody:
    return wire.VideoUploadBody(
        upload_id=upload.upload_id,
        offset=offset,
        size=upload.size,
        title=upload.title,
        filename=upload.filename,
        expires_at=upload.expires_at,
        video_id=video_id,
        part_size=upload.part_size or UNSET,
    )


ROUTES: list[Any] = [list_uploads, show_upload]
