"""The gallery of the source system: listed, shown, changed, deleted."""

from typing import Any

from litestar import Request, Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.http.wire import NothingBody
from quadrangle.kernel.principal import Principal
from quadrangle.videos.gallery.gallery import Asked
from quadrangle.videos.gallery.search_words import words_of
from quadrangle.videos.http import wire
from quadrangle.videos.http.addresses import base_of
from quadrangle.videos.http.parameters import (
    ANYONE_OR_SIGNED_IN,
    CaptionsFilter,
    CourseFilter,
    LengthFilter,
    LinkKey,
    Mine,
    PageLimit,
    PageNumber,
    Search,
    SortWord,
    StatusFilter,
    VideoId,
    VisibilityFilter,
    calls,
    number_of,
)
from quadrangle.videos.http.words import words
from quadrangle.videos.model import Captions, Filters, Length, Sort, Status, Video, Visibility
from quadrangle.videos.rules import VideoEdit
from quadrangle.videos.service import VideoService
from quadrangle.videos.shared_links.model import SharedLink


@calls.get("/api/gallery/health", "Whether the gallery runs")
async def gallery_health(videos: Injected[VideoService]) -> wire.ServiceHealth:
    return wire.ServiceHealth("ok", "gallery-service", videos.runtime)


@calls.get(
    "/api/gallery/videos",
    "Videos, newest first; with a search the best match first",
    ANYONE_OR_SIGNED_IN,
    fails=(400, 403, 404),
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
    visibility: VisibilityFilter = None,
    course: CourseFilter = None,
    length: LengthFilter = None,
    captions: CaptionsFilter = None,
    sort: SortWord = None,
) -> Response[wire.VideoList]:
    asked = Asked(
        page=page,
        limit=limit,
        search=search,
        mine=mine,
        status=Status(status) if status else None,
        filters=Filters(
            visibility=Visibility(visibility) if visibility else None,
            course_id=course or None,
            length=Length(length) if length else None,
            captions=Captions(captions) if captions else None,
            sort=Sort(sort) if sort else None,
        ),
    )
    if course:
        await videos.courses.get(course, principal)
    found, total = await videos.gallery.page(asked, principal)
    shown = await _shown(request, principal, videos, *found)
    pagination = wire.Pagination(total, page, limit, -(-total // limit))
    bodies = [wire.video_body(video, shown) for video in found]
    if search.strip():
        looked_for = words_of(search)
        moments = await videos.gallery.moments(asked, principal, found)
        for body in bodies:
            moment = moments.get(body.id)
            body.moment = moment and words.moment_body(moment, looked_for)
    return Response(wire.VideoList(bodies, pagination), headers=PRIVATE)


@calls.get("/api/gallery/videos/{videoId:str}", "One video", ANYONE_OR_SIGNED_IN, fails=(403, 410))
async def show_video(
    video_id: VideoId,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    key: LinkKey = None,
) -> Response[wire.VideoBody]:
    seen = await videos.gallery.seen(number_of(video_id), principal, key)
    shown = await _shown(request, principal, videos, seen.video, link=seen.link)
    return Response(wire.video_body(seen.video, shown), headers=PRIVATE)


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
    return await answer(request, principal, videos, video)


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
    return await answer(request, principal, videos, video)


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
    return await answer(request, principal, videos, video)


async def answer(
    request: Request[Any, Any, Any], who: Principal, videos: VideoService, video: Video
) -> Response[wire.VideoBody]:
    """Answer with a video of theirs."""
    shown = await _shown(request, who, videos, video)
    return Response(wire.video_body(video, shown), headers=PRIVATE)


async def _shown(
    request: Request[Any, Any, Any],
    who: Principal,
    videos: VideoService,
    *found: Video,
    link: SharedLink | None = None,
) -> wire.Shown:
    paces = await videos.gallery.paces(*found)
    base = base_of(request, videos.public_url)
    return wire.Shown(who, videos.links, videos.grants, base, paces, link)


ROUTES: list[Any] = [
    gallery_health,
    list_videos,
    show_video,
    change_video,
    delete_video,
    renew_link,
    retry_video,
]
