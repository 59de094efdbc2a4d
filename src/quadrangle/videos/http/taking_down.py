"""Staff takes a video down, with a reason."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import JSONBody

from quadrangle.http.injection import Injected
from quadrangle.http.openapi import text_of
from quadrangle.http.routes import SIGNED_IN
from quadrangle.http.wire import NothingBody
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http import wire
from quadrangle.videos.http.gallery import answer
from quadrangle.videos.http.parameters import LinkKey, VideoId, calls, number_of
from quadrangle.videos.service import VideoService
from quadrangle.videos.taking_down.taking_down import LONGEST_REASON


class TakeDownBody(msgspec.Struct):
    """`reason` is what the owner reads; without `delete` nobody else but staff sees the video
    until it is given back."""

    reason: Annotated[str, text_of(LONGEST_REASON)]
    delete: bool = False


@calls.post(
    "/api/gallery/videos/{videoId:str}/take-down",
    "Hide or delete somebody's video, who is told why (staff)",
    SIGNED_IN,
    status=200,
    fails=(409,),
)
async def take_down(
    video_id: VideoId,
    data: JSONBody[TakeDownBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    key: LinkKey = None,
) -> wire.Said:
    taking = videos.taking_down
    act = taking.delete if data.delete else taking.hide
    await act(number_of(video_id), data.reason, principal, key)
    return wire.Said("Video deleted" if data.delete else "Video hidden")


@calls.post(
    "/api/gallery/videos/{videoId:str}/give-back",
    "Have a video that was taken down be seen as before (staff)",
    SIGNED_IN,
    status=200,
    fails=(409,),
)
async def give_video_back(
    video_id: VideoId,
    data: JSONBody[NothingBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[wire.VideoBody]:
    video = await videos.taking_down.give_back(number_of(video_id), principal)
    return await answer(request, principal, videos, video)


ROUTES = [take_down, give_video_back]
