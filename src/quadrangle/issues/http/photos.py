"""Pictures of an issue, sent and served as they are."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import elsewhere
from quadrangle.http.routes import SIGNED_IN, Calls, anyone_or_key
from quadrangle.issues.declared import REPORT
from quadrangle.issues.http import wire
from quadrangle.issues.http.parameters import IssueId, PhotoId
from quadrangle.issues.photos import album as photos
from quadrangle.issues.photos.album import PhotoAlbum
from quadrangle.issues.service import IssueService
from quadrangle.kernel.principal import Principal

calls = Calls("Photos")
# A campus may have one address; what pictures cost is bounded by a share of their queue besides.
PHOTO_LIMIT = Limit(burst=60, per_hour=1200)
# A picture never changes under its id, but it can be deleted: browsers keep it for a day.
HEADERS = {
    "Cache-Control": "private, max-age=86400, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


@dataclass
class _PictureBody(Operation):
    def __post_init__(self) -> None:
        binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        self.request_body = RequestBody(
            content={mime: OpenAPIMediaType(schema=binary) for mime in photos.ACCEPTED},
            required=True,
            description="The picture itself, at most 12 MB.",
        )


@calls.post(
    "/api/issues/{issueId:str}/photos",
    "Add a photo",
    anyone_or_key(REPORT),
    fails=(400, 409, 413),
    operation_class=_PictureBody,
    request_max_body_size=photos.MAX_BYTES,
)
async def add_photo(
    issue_id: IssueId,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    client_address: Injected[str],
    issues: Injected[IssueService],
    limiter: Injected[RateLimiter],
) -> wire.PhotoItem:
    photos.accepted_mime(request.headers.get("content-type", ""), "photo")
    if not principal.is_staff:
        limiter.take("photo", client_address, PHOTO_LIMIT)
    return wire.photo_item(await issues.album.add(issue_id, await request.body(), principal))


@calls.get(
    "/api/issues/{issueId:str}/photos/{photoId:str}",
    "Show a photo",
    answers=elsewhere(),
    media_type="image/*",
)
async def show_photo(
    issue_id: IssueId, photo_id: PhotoId, issues: Injected[IssueService]
) -> Response[bytes]:
    return await _answer(issues.album, issue_id, photo_id, thumbnail=False)


@calls.get(
    "/api/issues/{issueId:str}/photos/{photoId:str}/thumbnail",
    "Show a photo in small",
    answers=elsewhere(),
    media_type="image/*",
)
async def show_thumbnail(
    issue_id: IssueId, photo_id: PhotoId, issues: Injected[IssueService]
) -> Response[bytes]:
    return await _answer(issues.album, issue_id, photo_id, thumbnail=True)


async def _answer(
    album: PhotoAlbum, issue_id: str, photo_id: str, *, thumbnail: bool
) -> Response[bytes]:
    link = await album.link(issue_id, photo_id, thumbnail=thumbnail)
    if link is None:
        photo, content = await album.show(issue_id, photo_id, thumbnail=thumbnail)
        return Response(content, media_type=photo.mime, headers=HEADERS)
    # Kept for half of its life, so that the address still works when it is used for the last time.
    kept = {"Cache-Control": f"private, max-age={link.seconds // 2}"}
    return Response(b"", status_code=302, headers={**HEADERS, **kept, "Location": link.url})


@calls.delete(
    "/api/issues/{issueId:str}/photos/{photoId:str}",
    "Delete a photo (staff)",
    SIGNED_IN,
    fails=(409,),
)
async def remove_photo(
    issue_id: IssueId,
    photo_id: PhotoId,
    principal: Injected[Principal],
    issues: Injected[IssueService],
) -> None:
    await issues.album.remove(issue_id, photo_id, principal)


STORED_ROUTES = [show_photo, show_thumbnail, remove_photo]  # however a photo came
ROUTES = [add_photo, *STORED_ROUTES]
