"""Captions line by line: read, edited, taken home as a file."""

import asyncio
from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.answers.downloads import headers_of
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.captions.cue_rules import Cue, written
from quadrangle.videos.captions.subrip_rules import subrip
from quadrangle.videos.http.parameters import (
    ANYONE_OR_SIGNED_IN,
    CaptionFormat,
    Language,
    LinkKey,
    VideoId,
    calls,
    number_of,
)
from quadrangle.videos.http.words import words
from quadrangle.videos.model import Caption
from quadrangle.videos.service import VideoService

_MOST_BYTES = 4 * 2**20
_FORMATS = {"srt": (subrip, "application/x-subrip"), "vtt": (written, "text/vtt")}
_PATH = "/api/gallery/videos/{videoId:str}/captions/{language:str}"


@calls.get(_PATH, "The lines of captions", ANYONE_OR_SIGNED_IN, fails=(400,))
async def show_cues(
    video_id: VideoId,
    language: Language,
    principal: Injected[Principal],
    videos: Injected[VideoService],
    key: LinkKey = None,
) -> Response[words.CuesBody]:
    video = await videos.gallery.show(number_of(video_id), principal, key)
    caption, cues = await videos.captions.cues(video, language)
    return await _told(caption, cues)


@calls.put(
    _PATH + "/cues",
    "Have these lines take the place of those of captions",
    SIGNED_IN,
    fails=(409, 413),
    request_max_body_size=_MOST_BYTES,
)
async def edit_cues(
    video_id: VideoId,
    language: Language,
    data: JSONBody[words.CueEditBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[words.CuesBody]:
    edit = words.cue_edit(data)
    video, caption = await videos.captions.edit(number_of(video_id), language, edit, principal)
    _, cues = await videos.captions.cues(video, caption.language)
    return await _told(caption, cues)


@calls.get(_PATH + "/file", "Captions as a file to take home", ANYONE_OR_SIGNED_IN, fails=(400,))
async def download_captions(
    video_id: VideoId,
    language: Language,
    principal: Injected[Principal],
    videos: Injected[VideoService],
    key: LinkKey = None,
    format: CaptionFormat = "vtt",
) -> Response[str]:
    video = await videos.gallery.show(number_of(video_id), principal, key)
    caption, cues = await videos.captions.cues(video, language)
    in_format, kind = _FORMATS[format]
    text = await asyncio.to_thread(in_format, cues)
    name = f"video-{video.video_id}.{caption.language}.{format}"
    return Response(text, media_type=kind, headers={**headers_of(name)})


async def _told(caption: Caption, cues: list[Cue]) -> Response[words.CuesBody]:
    """Answer with cues. Many take a while to write down: others are not to wait for them."""
    body = await asyncio.to_thread(words.cues_body, caption, cues)
    return Response(body, headers=PRIVATE)


ROUTES: list[Any] = [show_cues, edit_cues, download_captions]
