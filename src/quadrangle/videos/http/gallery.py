"""The gallery of the source system: listed, shown, changed, deleted."""

from typing import Any

from litestar import Request, Response
from litestar.params import JSONBody

from quadrangle.http.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.http.wire import NothingBody
from quadrangle.kernel.principal import Principal
from quadrangle.videos.gallery.gallery import Asked
from quadrangle.videos.http import wire
from quadrangle.videos.http.addresses import base_of
from quadrangle.videos.http.parameters import (
    ANYONE_OR_SIGNED_IN,
    LinkKey,
    Mine,
    PageLimit,
    PageNumber,
    Search,
    StatusFilter,
    VideoId,
    calls,
    number_of,
)
from quadrangle.videos.model import Status, Video
from quadrangle.videos.rules import VideoEdit
from quadrangle.videos.service import VideoService


@calls.get("/api/gallery/health", "Whether the gallery runs")
async def gallery_health(videos: Injected[VideoService]) -> wire.ServiceHealth:
    return wire.ServiceHealth("ok", "gallery-service", videos.runtime)


@calls.get(
    "/api/gallery/videos",
    "Videos, newest first; with a search the best match first",
    ANYONE_OR_SIGNED_IN,
    fails=(400, 403),
)
async def list_videos(
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    page: PageNumber = 1,
    limit: PageLimit = 10,
    search: Search = "",
    mine: Mine = False,
    status: StatusFilter = None,
) -> Response[wire.VideoList]:
    asked = Asked(
        page=page,
        limit=limit,
        search=search,
        mine=mine,
        status=Status(status) if status else None,
    )
    found, total = await videos.gallery.page(asked, principal)
    shown = await _shown(request, principal, videos, *found)
    pagination = wire.Pagination(total, page, limit, -(-total // limit))
    bodies = [wire.video_body(video, shown) for video in found]
    return Response(wire.VideoList(bodies, pagination), headers=PRIVATE)


@calls.get("/api/gallery/videos/{videoId:str}", "One video", ANYONE_OR_SIGNED_IN)
async def show_video(
    video_id: VideoId,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    key: LinkKey = None,
) -> Response[wire.VideoBody]:
    video = await videos.gallery.show(number_of(video_id), principal, key)
    return await _answer(request, principal, videos, video)


@calls.put(
    "/api/gallery/videos/{videoId:str}",
    "Change what is said of a video, and who may see it",
    SIGNED_IN,
    fails=(409,),
)
async def change_video(
    video_id: VideoId,
    data: JSONBody[wire.VideoEditBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[wire.VideoBody]:
    edit = VideoEdit(
        title=data.title,
        description=data.description,
        visibility=data.visibility,
        publish_at=data.publish_at,
        unpublish_at=data.unpublish_at,
    )
    video = await videos.gallery.change(number_of(video_id), edit, principal)
    return await _answer(request, principal, videos, video)


@calls.delete(
    "/api/gallery/videos/{videoId:str}", "Delete a video with all its files", SIGNED_IN, status=200
)
async def delete_video(
    video_id: VideoId, principal: Injected[Principal], videos: Injected[VideoService]
) -> wire.Said:
    await videos.gallery.delete(number_of(video_id), principal)
    return wire.Said("Video deleted")


@calls.post(
    "/api/gallery/videos/{videoId:str}/link",
    "Have a new link take the place of a video's",
    SIGNED_IN,
    status=200,
    fails=(409,),
)
async def renew_link(
    video_id: VideoId,
    data: JSONBody[NothingBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[wire.VideoBody]:
    video = await videos.gallery.relink(number_of(video_id), principal)
    return await _answer(request, principal, videos, video)


@calls.post(
    "/api/gallery/videos/{videoId:str}/retry",
    "Have a video that failed be processed again",
    SIGNED_IN,
    status=200,
    fails=(409,),
)
async def retry_video(
    video_id: VideoId,
    data: JSONBody[NothingBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[wire.VideoBody]:
    video = await videos.gallery.retry(number_of(video_id), principal)
    return await _answer(request, principal, videos, video)


async def _answer(
    request: Request[Any, Any, Any], who: Principal, videos: VideoService, video: Video
) -> Response[wire.VideoBody]:
    shown = await _shown(request, who, videos, video)
    return Response(wire.video_body(video, shown), headers=PRIVATE)


async def _shown(
    request: Request[Any, Any, Any], who: Principal, videos: VideoService, *found: Video
) -> wire.Shown:
    paces = await videos.gallery.paces(*found)
    return wire.Shown(who, videos.links, videos.grants, base_of(request, videos.public_url), paces)


ROUTES: list[Any] = [
    gallery_health,
    list_videos,
    show_video,
    change_video,
    delete_video,
    renew_link,
    retry_video,
]
