"""Feeds of courses: one's own address of one, and what programs read there."""

from typing import Annotated, Any, TypeAlias
from urllib.parse import quote

from litestar import Request, Response
from litestar.params import JSONBody, PathParameter

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.answers.etags import answer_unless_known
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.http.wire import NothingBody
from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.principal import Principal
from quadrangle.videos.courses.model import Openness
from quadrangle.videos.courses.podcast import Addresses, Sound, podcast
from quadrangle.videos.http.addresses import base_of
from quadrangle.videos.http.courses import wire as bodies
from quadrangle.videos.http.courses.courses import CourseId, calls
from quadrangle.videos.http.media import media_type
from quadrangle.videos.http.parameters import ANYONE_OR_SIGNED_IN
from quadrangle.videos.http.sharing.podcast import ROOT, SUFFIX
from quadrangle.videos.model import Video
from quadrangle.videos.offering.rules import may_be_taken
from quadrangle.videos.service import VideoService

_PATH = "/api/courses/{courseId:str}/feed"
_FEED, _PICTURE = "feed.xml", "picture.jpg"
MIME = "application/rss+xml; charset=utf-8"
FeedKey: TypeAlias = Annotated[
    str,
    PathParameter(name="key", description="the secret; of a public course its id will do"),
]


@calls.get(_PATH, "The address one has of a course's feed", ANYONE_OR_SIGNED_IN)
async def own_course_feed(
    course_id: CourseId,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[bodies.FeedBody]:
    course, feed = await videos.feeds.own(course_id, principal)
    is_public = course.openness is Openness.PUBLIC
    url = _address(request, videos, course_id) if is_public else None
    created = feed.created_at if feed else None
    body = bodies.FeedBody(is_public or feed is not None, url, created)
    return Response(body, headers=PRIVATE)


@calls.post(_PATH, "Have a new secret address of a course; the earlier one ends", SIGNED_IN)
async def renew_course_feed(
    course_id: CourseId,
    data: JSONBody[NothingBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[bodies.FeedBody]:
    feed, token = await videos.feeds.renew(course_id, principal)
    body = bodies.FeedBody(True, _address(request, videos, token), feed.created_at)
    return Response(body, status_code=201, headers=PRIVATE)


@calls.delete(_PATH, "Have one's secret address of a course end", SIGNED_IN)
async def end_course_feed(
    course_id: CourseId, principal: Injected[Principal], videos: Injected[VideoService]
) -> None:
    await videos.feeds.end(course_id, principal)


@calls.get(
    f"{ROOT}{{key:str}}/{_FEED}",
    "A course as RSS, for whoever has the address",
    media_type="application/rss+xml",
)
async def read_course_feed(
    key: FeedKey, request: Request[Any, Any, Any], videos: Injected[VideoService]
) -> Response[bytes]:
    subscribed = await videos.feeds.read(key)
    base = base_of(request, videos.public_url)
    root = f"{base}{ROOT}{quote(key)}/"
    episodes = [(video, await _sound(videos, video, root)) for video in subscribed.videos]
    course_id = subscribed.course.course_id
    addresses = Addresses(
        feed=root + _FEED,
        course=f"{base}/course?id={course_id}",
        video=f"{base}/video?course={course_id}&id=",
        picture=_picture_address(videos.feeds.picture_of(subscribed), root),
    )
    content = podcast(subscribed.course, episodes, addresses)
    return answer_unless_known(request, content, MIME)


@calls.get(
    f"{ROOT}{{key:str}}/{_PICTURE}",
    "The picture of a feed: a still of its first video",
    media_type="image/jpeg",
)
async def show_feed_picture(
    key: FeedKey, request: Request[Any, Any, Any], videos: Injected[VideoService]
) -> Response[bytes]:
    video = videos.feeds.picture_of(await videos.feeds.read(key))
    media = video.details.media if video else None
    if video is None or media is None or not media.poster:
        raise NotFound("There is no picture of this course yet.")
    if not videos.sends_files:
        path = videos.grants.still(video, media.poster)
        headers = {**PRIVATE, "Location": base_of(request, videos.public_url) + path}
        return Response(b"", status_code=302, headers=headers)
    content = await videos.picture(video, media.poster)
    return answer_unless_known(request, content, "image/jpeg")


def _picture_address(video: Video | None, root: str) -> str:
    """Return another address for another picture: programs keep it by that."""
    return "" if video is None else f"{root}{_PICTURE}?of={video.video_id}-{video.details.folder}"


async def _sound(videos: VideoService, video: Video, root: str) -> Sound | None:
    media = video.details.media
    if media is None or not media.audio_file or not may_be_taken(video):
        return None
    size = await videos.shelves.size(video.key, video.details.folder, media.audio_file)
    if size is None:
        return None
    return Sound(f"{root}{video.video_id}{SUFFIX}", size, media_type(SUFFIX))


def _address(request: Request[Any, Any, Any], videos: VideoService, key: str) -> str:
    return f"{base_of(request, videos.public_url)}{ROOT}{key}/{_FEED}"


ROUTES: list[Any] = [
    show_feed_picture,
    own_course_feed,
    renew_course_feed,
    end_course_feed,
    read_course_feed,
]
