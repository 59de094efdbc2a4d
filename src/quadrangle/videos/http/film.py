"""The film of a video, cut without being uploaded again."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import JSONBody
from msgspec import Meta

from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http import wire
from quadrangle.videos.http.gallery import answer
from quadrangle.videos.http.parameters import VideoId, calls, number_of
from quadrangle.videos.service import VideoService

_LONGEST_S = 1_000_000
_Second = Annotated[float, Meta(ge=0, le=_LONGEST_S)]


class PartBody(msgspec.Struct, rename={"first": "from", "last": "to"}):
    """A part of the film, in seconds of it as it is shown."""

    first: _Second
    last: _Second


class CutBody(msgspec.Struct):
    """The parts to keep, in their order; none for all that was uploaded."""

    keep: Annotated[list[PartBody], Meta(max_length=200)]


@calls.put(
    "/api/gallery/videos/{videoId:str}/film",
    "Show only parts of a video, or all of it again; the film of now plays until that is made",
    SIGNED_IN,
    fails=(409,),
)
async def cut_film(
    video_id: VideoId,
    data: JSONBody[CutBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[wire.VideoBody]:
    keep = [(part.first, part.last) for part in data.keep]
    video = await videos.editing.cut(number_of(video_id), keep, principal)
    return await answer(request, principal, videos, video)


ROUTES: list[Any] = [cut_film]
