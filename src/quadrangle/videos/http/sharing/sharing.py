"""Whom a video is shared with, and that somebody has seen it."""

from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http.courses import wire as wire
from quadrangle.videos.http.parameters import VideoId, calls, number_of
from quadrangle.videos.service import VideoService
from quadrangle.videos.sharing.model import SharingEdit

# The answer tells which addresses are of people here: enough for sharing, too few for trying out.
SHARE_LIMIT = Limit(burst=60, per_hour=120)


@calls.get("/api/gallery/videos/{videoId:str}/sharing", "Whom a video is shared with", SIGNED_IN)
async def show_sharing(
    video_id: VideoId, principal: Injected[Principal], videos: Injected[VideoService]
) -> Response[wire.SharingBody]:
    shared = await videos.sharing.show(number_of(video_id), principal)
    return Response(wire.sharing_body(shared), headers=PRIVATE)


@calls.put(
    "/api/gallery/videos/{videoId:str}/sharing",
    "Share a video with these people and courses, and nobody else",
    SIGNED_IN,
    fails=(409, 429),
)
async def change_sharing(
    video_id: VideoId,
    data: JSONBody[wire.ShareBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    limiter: Injected[RateLimiter],
) -> Response[wire.SharingBody]:
    if principal.account_id is not None:
        limiter.take("share", principal.account_id, SHARE_LIMIT)
    edit = SharingEdit(people=data.people, courses=data.courses, version=data.version)
    shared = await videos.sharing.share(number_of(video_id), edit, principal)
    return Response(wire.sharing_body(shared), headers=PRIVATE)


@calls.put(
    "/api/gallery/videos/{videoId:str}/seen",
    "Note for oneself alone that one has seen a video, or has not",
    SIGNED_IN,
)
async def mark_seen(
    video_id: VideoId,
    data: JSONBody[wire.SeenBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[wire.SeenBody]:
    await videos.courses.mark(number_of(video_id), principal, seen=data.seen)
    return Response(wire.SeenBody(data.seen), headers=PRIVATE)


ROUTES: list[Any] = [show_sharing, change_sharing, mark_seen]
