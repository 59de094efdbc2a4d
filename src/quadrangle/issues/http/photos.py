"""Pictures of an issue, sent and served as they are."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from quadrangle.http.auth import SCOPE
from quadrangle.http.injection import Injected
from quadrangle.http.limits import Limit, RateLimiter
from quadrangle.http.openapi import BY_KEY_TOO, SIGNED_IN, elsewhere, problems, without_body
from quadrangle.issues.http import wire
from quadrangle.issues.http.parameters import IssueId, PhotoId
from quadrangle.issues.photos import album as photos
from quadrangle.issues.photos.album import PhotoAlbum
from quadrangle.issues.service import IssueService
from quadrangle.kernel.principal import Principal

TAGS = ["Photos"]
PHOTO_LIMIT = Limit(burst=30, per_hour=120)
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


@post(
    "/api/issues/{issueId:str}/photos",
    return_dto=None,
    operation_class=_PictureBody,
    request_max_body_size=photos.MAX_BYTES,
    summary="Add a photo",
    tags=TAGS,
    security=[{}, *BY_KEY_TOO],
    opt={SCOPE: "issues:report"},
    responses=problems(400, 401, 403, 404, 409, 413, 429),
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


@get(
    "/api/issues/{issueId:str}/photos/{photoId:str}",
    media_type="image/*",
    summary="Show a photo",
    tags=TAGS,
    responses=problems(404) | elsewhere(),
)
async def show_photo(
    issue_id: IssueId, photo_id: PhotoId, issues: Injected[IssueService]
) -> Response[bytes]:
    return await _answer(issues.album, issue_id, photo_id, thumbnail=False)


@get(
    "/api/issues/{issueId:str}/photos/{photoId:str}/thumbnail",
    media_type="image/*",
    summary="Show a photo in small",
    tags=TAGS,
    responses=problems(404) | elsewhere(),
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


@delete(
    "/api/issues/{issueId:str}/photos/{photoId:str}",
    summary="Delete a photo (staff)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=without_body(204) | problems(401, 403, 404, 409),
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
