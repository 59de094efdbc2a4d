"""Automatic captions of a video: asked for, and given up."""

from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.captions.language_rules import require_language
from quadrangle.videos.http.parameters import VideoId, calls, number_of
from quadrangle.videos.http.words import words
from quadrangle.videos.service import VideoService

_PATH = "/api/gallery/videos/{videoId:str}/speech"


@calls.post(_PATH, "Have captions be made of what is said", SIGNED_IN, status=202, fails=(409, 503))
async def ask_for_captions(
    video_id: VideoId,
    data: JSONBody[words.SpeechWish],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[words.SpeechBody]:
    language = data.language or videos.speech.usual
    if language:
        require_language(language)
    video = await videos.speech.ask(number_of(video_id), language, principal)
    body = words.speech_body(video, await videos.speech.offer(), videos.speech.usual)
    return Response(body, headers=PRIVATE, status_code=202)


@calls.delete(_PATH, "Have no captions be made of what is said", SIGNED_IN, fails=(409,))
async def give_up_captions(
    video_id: VideoId, principal: Injected[Principal], videos: Injected[VideoService]
) -> None:
    await videos.speech.give_up(number_of(video_id), principal)


ROUTES: list[Any] = [ask_for_captions, give_up_captions]
