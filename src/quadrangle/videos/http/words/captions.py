"""Captions of a video, sent as the file that somebody has."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos import rules
from quadrangle.videos.http import wire
from quadrangle.videos.http.addresses import base_of
from quadrangle.videos.http.parameters import (
    ANYONE_OR_SIGNED_IN,
    Label,
    Language,
    LinkKey,
    VideoId,
    calls,
    number_of,
)
from quadrangle.videos.http.stream import passes
from quadrangle.videos.http.words import words
from quadrangle.videos.service import VideoService

_MOST_BYTES = 2 * 2**20
_PATH = "/api/gallery/videos/{videoId:str}/captions"


@dataclass
class _CaptionFile(Operation):
    def __post_init__(self) -> None:
        binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        self.request_body = RequestBody(
            content={"application/octet-stream": OpenAPIMediaType(schema=binary)},
            required=True,
            description="WebVTT or SubRip in any common encoding, at most 2 MB.",
        )


@calls.get(_PATH, "The captions of a video", ANYONE_OR_SIGNED_IN, fails=(403, 410))
async def list_captions(
    video_id: VideoId,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    secure_cookies: Injected[bool],
    key: LinkKey = None,
) -> Response[words.CaptionList]:
    seen = await videos.gallery.seen(number_of(video_id), principal, key)
    video = seen.video
    is_own = rules.may_change(video, principal)
    grant = videos.grants.give(video, is_own=is_own, link=seen.link)
    found = wire.captions_of(video, grant, base_of(request, videos.public_url))
    body = words.CaptionList(found)
    if is_own:
        body.speech = words.speech_body(video, await videos.speech.offer(), videos.speech.usual)
    return Response(body, headers=PRIVATE, cookies=passes(grant, secure_cookies))


@calls.put(
    _PATH + "/{language:str}",
    "Have a file be the captions of a language",
    SIGNED_IN,
    fails=(400, 409, 413),
    operation_class=_CaptionFile,
    request_max_body_size=_MOST_BYTES,
)
async def put_captions(
    video_id: VideoId,
    language: Language,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    label: Label = "",
) -> Response[wire.CaptionBody]:
    number = number_of(video_id)
    await videos.gallery.own(number, principal)
    content = await request.body()
    video, caption = await videos.captions.put(number, language, label, content, principal)
    grant = videos.grants.give(video, is_own=True)
    found = wire.captions_of(video, grant, base_of(request, videos.public_url))
    body = next(each for each in found if each.language == caption.language)
    return Response(body, headers=PRIVATE)


@calls.delete(
    _PATH + "/{language:str}", "Take the captions of a language away", SIGNED_IN, fails=(400, 409)
)
async def remove_captions(
    video_id: VideoId,
    language: Language,
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> None:
    await videos.captions.remove(number_of(video_id), language, principal)


ROUTES: list[Any] = [list_captions, put_captions, remove_captions]
