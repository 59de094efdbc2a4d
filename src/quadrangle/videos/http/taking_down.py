"""Staff takes a video down, with a reason."""

from typing import Annotated

import msgspec
from litestar.params import JSONBody

from quadrangle.http.injection import Injected
from quadrangle.http.openapi import text_of
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http import wire
from quadrangle.videos.http.parameters import LinkKey, VideoId, calls, number_of
from quadrangle.videos.service import VideoService
from quadrangle.videos.taking_down.taking_down import LONGEST_REASON


class TakeDownBody(msgspec.Struct):
    """`reason` is what the owner reads; without `delete` the video becomes private."""

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


ROUTES = [take_down]
