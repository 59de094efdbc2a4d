"""Chapters of a video, and where its slides change."""

from typing import Annotated, Any

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import UNSET, Meta, UnsetType

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos import rules
from quadrangle.videos.chapters.rules import Source, chapters_of, version_of
from quadrangle.videos.http.parameters import (
    ANYONE_OR_SIGNED_IN,
    LinkKey,
    VideoId,
    calls,
    number_of,
)
from quadrangle.videos.model import Chapter, Video
from quadrangle.videos.service import VideoService

_PATH = "/api/gallery/videos/{videoId:str}/chapters"


class ChapterBody(msgspec.Struct):
    """From which second on, and what it is called."""

    start: Annotated[float, Meta(ge=0, le=360_000)]
    title: Annotated[str, Meta(max_length=500)]


class ChapterList(msgspec.Struct):
    """`slides` are the seconds at which another slide is shown; `version`, for who may change the
    chapters, is that of the owner's list, "" where it is empty."""

    chapters: list[ChapterBody]
    source: Source
    slides: list[float]
    version: str | UnsetType = UNSET


class GivenChapters(msgspec.Struct):
    """`version` is that of the list that this one takes the place of."""

    chapters: Annotated[list[ChapterBody], Meta(max_length=1000)]
    version: Annotated[str, Meta(max_length=40)]


@calls.get(_PATH, "The chapters of a video, and its slides", ANYONE_OR_SIGNED_IN)
async def show_chapters(
    video_id: VideoId,
    principal: Injected[Principal],
    videos: Injected[VideoService],
    key: LinkKey = None,
) -> Response[ChapterList]:
    video = await videos.gallery.show(number_of(video_id), principal, key)
    return Response(_body(video, principal), headers=PRIVATE)


@calls.put(_PATH, "Have a list be the chapters of a video", SIGNED_IN, fails=(409,))
async def put_chapters(
    video_id: VideoId,
    data: JSONBody[GivenChapters],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[ChapterList]:
    chapters = [Chapter(each.start, each.title) for each in data.chapters]
    video = await videos.chapters.put(number_of(video_id), chapters, data.version, principal)
    return Response(_body(video, principal), headers=PRIVATE)


def _body(video: Video, who: Principal) -> ChapterList:
    chapters, source = chapters_of(video)
    media = video.details.media
    return ChapterList(
        chapters=[ChapterBody(each.start, each.title) for each in chapters],
        source=source,
        slides=list(media.slides) if media else [],
        version=version_of(video.details.chapters) if rules.may_change(video, who) else UNSET,
    )


ROUTES: list[Any] = [show_chapters, put_chapters]
