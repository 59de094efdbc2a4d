"""The streaming service of the source system: where media are, by who may see them."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.openapi.datastructures import ResponseSpec

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http import wire
from quadrangle.videos.http.addresses import base_of
from quadrangle.videos.http.media import media_type
from quadrangle.videos.http.parameters import (
    ANYONE_OR_SIGNED_IN,
    Again,
    Embedded,
    LinkKey,
    VideoId,
    calls,
    number_of,
    only_looks,
)
from quadrangle.videos.model import Status
from quadrangle.videos.rules import may_change
from quadrangle.videos.service import VideoService
from quadrangle.videos.streaming.ports import Grant

VIEWER_COOKIE = "quadrangle_viewer"
_YEAR_S = 365 * 24 * 3600
_POLL_S = 3
_WAITING = ResponseSpec(wire.WaitingBody, description="Not yet.", generate_examples=False)


@calls.get("/api/stream/health", "Whether streaming runs")
async def stream_health(videos: Injected[VideoService]) -> Response[wire.StreamHealth]:
    return Response(wire.stream_health(videos.clock.now(), videos.runtime), headers=PRIVATE)


@calls.get(
    "/api/stream/{videoId:str}",
    "Where a video is played from; counts a view",
    ANYONE_OR_SIGNED_IN,
    fails=(400, 403, 409, 410),
    answers={202: _WAITING},
)
async def stream(
    video_id: VideoId,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    secure_cookies: Injected[bool],
    key: LinkKey = None,
    again: Again = False,
    embedded: Embedded = False,
) -> Response[Any]:
    showing = await videos.watching.show(number_of(video_id), principal, key)
    if showing.grant is None:
        return _not_yet(showing)
    base = base_of(request, videos.public_url)
    captions = wire.captions_of(showing.video, showing.grant, base)
    answer = wire.stream_body(showing, base, captions)
    given = passes(showing.grant, secure_cookies, embedded=embedded)
    response = Response(answer, headers=PRIVATE, cookies=given)
    if not (again or only_looks(request)):
        known = request.cookies.get(VIEWER_COOKIE)
        cookie = await videos.watching.count(showing.video, principal, known)
        if cookie != known:
            response.set_cookie(_viewer_cookie(cookie, secure=secure_cookies))
    return response


def _not_yet(showing: Any) -> Response[Any]:
    waits = showing.video.status is Status.UPLOADED
    message = "This video waits for its turn." if waits else "This video is being prepared."
    progress = showing.progress and wire.progress_body(showing.progress)
    answer = wire.WaitingBody(message, showing.video.status, progress)
    headers = {**PRIVATE, "Retry-After": str(_POLL_S)}
    return Response(answer, status_code=202, headers=headers)


class _ElsewhereCookie(Cookie):
    """A cookie for a frame in a page of another site: browsers keep it apart for each such site."""

    def to_header(self, **kwargs: Any) -> str:
        return super().to_header(**kwargs) + "; Partitioned"


def passes(grant: Grant | None, secure: bool, *, embedded: bool = False) -> list[Cookie]:
    """Return the cookies that open a grant's addresses, where it needs any; `embedded`: in a page
    elsewhere too, which takes an encrypted connection."""
    apart = embedded and secure
    kind = _ElsewhereCookie if apart else Cookie
    return [
        kind(
            key=each.name,
            value=each.value,
            max_age=each.seconds,
            path=each.path,
            httponly=True,
            samesite="none" if apart else "lax",
            secure=secure,
        )
        for each in (grant.passes if grant is not None else ())
    ]


def _viewer_cookie(value: str, *, secure: bool) -> Cookie:
    return Cookie(
        key=VIEWER_COOKIE,
        value=value,
        max_age=_YEAR_S,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


@calls.get(
    "/api/stream/{videoId:str}/qualities",
    "The qualities of a video, the best first",
    ANYONE_OR_SIGNED_IN,
    fails=(400, 403, 409, 410),
)
async def list_qualities(
    video_id: VideoId,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    secure_cookies: Injected[bool],
    key: LinkKey = None,
    embedded: Embedded = False,
) -> Response[wire.QualityList]:
    showing = await videos.watching.show(number_of(video_id), principal, key)
    body = wire.qualities(showing, base_of(request, videos.public_url))
    given = passes(showing.grant, secure_cookies, embedded=embedded)
    return Response(body, headers=PRIVATE, cookies=given)


@calls.get(
    "/api/stream/{videoId:str}/thumbnail",
    "A still of a video: where it is, or itself to who wants a picture",
    ANYONE_OR_SIGNED_IN,
    fails=(403, 409, 410),
)
async def thumbnail(
    video_id: VideoId,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    key: LinkKey = None,
) -> Response[Any]:
    showing = await videos.watching.show(number_of(video_id), principal, key)
    video, media = showing.video, showing.video.details.media
    if showing.grant is None or media is None or not media.poster:
        raise NotFound("There is no picture of this video yet.")
    headers = {**PRIVATE, "Vary": "Accept"}
    is_picture = wants_picture(request.headers.get("accept", ""))
    if is_picture and videos.sends_files:
        picture = await videos.picture(video, media.poster)
        return Response(picture, media_type=media_type(media.poster), headers=headers)
    is_own = may_change(video, principal)
    path = videos.grants.still(video, media.poster, is_own=is_own, link=showing.link)
    address = base_of(request, videos.public_url) + path
    if is_picture:
        return Response(b"", status_code=302, headers={**headers, "Location": address})
    return Response(wire.AddressBody(address), headers=headers)


def wants_picture(accept: str) -> bool:
    """Tell whether a client names pictures before JSON, as an `img` does."""
    for part in accept.lower().split(","):
        kind = part.partition(";")[0].strip()
        if kind.startswith("image/"):
            return True
        if kind in ("application/json", "*/*"):
            return False
    return False


ROUTES: list[Any] = [stream_health, stream, list_qualities, thumbnail]
