"""Uploads in parts that go to a store of files, past this service: begun, signed for, made whole.

In place of tus (tus.py) where requests have to be small; what is asked by GET (uploads.py) is
answered alike on both.
"""

from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.http.wire import NothingBody
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http.parameters import UploadId, calls
from quadrangle.videos.http.uploads import part_wire as wire
from quadrangle.videos.rules import require_account
from quadrangle.videos.uploads.parting import PartUploads

UPLOAD_LIMIT = Limit(burst=200, per_hour=2000)


@calls.post("/api/uploads", "Begin an upload in parts", SIGNED_IN, status=201, fails=(400, 413))
async def begin_upload(
    data: JSONBody[wire.BegunBody],
    principal: Injected[Principal],
    part_uploads: Injected[PartUploads],
    limiter: Injected[RateLimiter],
) -> Response[wire.PartUploadBody]:
    limiter.take("upload", require_account(principal), UPLOAD_LIMIT)
    upload = await part_uploads.begin(data.size, wire.given(data), principal)
    return Response(wire.part_upload_body(upload), headers=PRIVATE)


@calls.post(
    "/api/uploads/{uploadId:str}/parts",
    "Where parts of an upload go, each good for one size and checksum",
    SIGNED_IN,
    status=200,
    fails=(400, 409),
)
async def sign_parts(
    upload_id: UploadId,
    data: JSONBody[wire.PartsBody],
    principal: Injected[Principal],
    part_uploads: Injected[PartUploads],
) -> Response[wire.SignedParts]:
    upload = await part_uploads.own(upload_id, principal)
    named = [(part.number, part.checksum) for part in data.parts]
    signed, expires_at = await part_uploads.sign(upload, named)
    return Response(wire.signed_parts(signed, expires_at), headers=PRIVATE)


@calls.post(
    "/api/uploads/{uploadId:str}/complete",
    "Make a video of an upload of which all parts have arrived",
    SIGNED_IN,
    status=200,
    fails=(409,),
)
async def complete_upload(
    upload_id: UploadId,
    data: JSONBody[NothingBody],
    principal: Injected[Principal],
    part_uploads: Injected[PartUploads],
) -> Response[wire.MadeBody]:
    upload = await part_uploads.own(upload_id, principal)
    video_id = await part_uploads.complete(upload)
    return Response(wire.MadeBody(upload.upload_id, video_id), headers=PRIVATE)


@calls.delete("/api/uploads/{uploadId:str}", "End an upload", SIGNED_IN, fails=(409,))
async def end_upload(
    upload_id: UploadId, principal: Injected[Principal], part_uploads: Injected[PartUploads]
) -> None:
    await part_uploads.remove(await part_uploads.own(upload_id, principal))


ROUTES: list[Any] = [begin_upload, sign_parts, complete_upload, end_upload]
