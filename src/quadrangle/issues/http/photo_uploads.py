"""Photos where a request cannot hold one: announced here, sent straight to the store."""

from typing import Annotated, Literal

import msgspec
from litestar.params import JSONBody

from quadrangle.http.asking.limits import RateLimiter
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Id, limits
from quadrangle.http.routes import anyone_or_key
from quadrangle.issues.declared import REPORT
from quadrangle.issues.http import wire
from quadrangle.issues.http.parameters import IssueId, UploadId
from quadrangle.issues.http.photos import PHOTO_LIMIT, calls
from quadrangle.issues.photos.album import ACCEPTED, MAX_BYTES
from quadrangle.issues.service import IssueService
from quadrangle.kernel.principal import Principal


class UploadBody(msgspec.Struct, rename="camel"):
    """The picture that will be sent."""

    content_type: Annotated[str, limits(enum=list(ACCEPTED))]
    bytes: Annotated[int, limits(minimum=1, maximum=MAX_BYTES)]


class UploadBegun(msgspec.Struct, rename="camel"):
    """Where to send the picture, within five minutes: with `fields` as a form whose last part,
    `file`, it is; without as the body itself. No credentials of ours belong there."""

    upload_id: Id
    url: str
    method: str
    fields: dict[str, str] | None
    headers: dict[str, str]


class UploadOutcome(msgspec.Struct, rename="camel"):
    """What came of it: `message` says why it was refused, `photo` is there when it is done and
    was not deleted since."""

    state: Literal["waiting", "refused", "done"]
    message: str | None
    photo: wire.PhotoItem | None


@calls.post(
    "/api/issues/{issueId:str}/photo-uploads",
    "Announce a photo that is sent straight to the store",
    anyone_or_key(REPORT),
    fails=(409,),
)
async def begin_photo_upload(
    issue_id: IssueId,
    data: JSONBody[UploadBody],
    principal: Injected[Principal],
    client_address: Injected[str],
    issues: Injected[IssueService],
    limiter: Injected[RateLimiter],
) -> UploadBegun:
    if not principal.is_staff:
        limiter.take("photo", client_address, PHOTO_LIMIT)
    upload, form = await issues.reception.begin(issue_id, data.content_type, data.bytes, principal)
    return UploadBegun(
        upload_id=upload.upload_id,
        url=form.url,
        method=form.method,
        fields=form.fields,
        headers=form.headers,
    )


@calls.get(
    "/api/issues/{issueId:str}/photo-uploads/{uploadId:str}",
    "What came of a photo that was sent straight to the store",
)
async def photo_upload_outcome(
    issue_id: IssueId, upload_id: UploadId, issues: Injected[IssueService]
) -> UploadOutcome:
    outcome = await issues.reception.outcome(issue_id, upload_id)
    upload, photo = outcome.upload, outcome.photo
    item = None if photo is None else wire.photo_item(photo)
    return UploadOutcome(upload.state, upload.message, item)


ROUTES = [begin_photo_upload, photo_upload_outcome]
