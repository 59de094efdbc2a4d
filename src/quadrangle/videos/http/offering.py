"""What an owner lets others take along of a video, and what the installation allows."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import JSONBody
from msgspec import Meta

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http import wire
from quadrangle.videos.http.gallery import answer
from quadrangle.videos.http.parameters import VideoId, calls, number_of
from quadrangle.videos.model import Download
from quadrangle.videos.offering.rules import Offer
from quadrangle.videos.service import VideoService


class OptionsBody(msgspec.Struct):
    """`time_zone` is that of the campus, "" where each reader has their own."""

    embed_origins: list[str]
    time_zone: str


class OfferBody(msgspec.Struct):
    """What is left out stays as it is."""

    download: Download | None = None
    embed: bool | None = None
    embed_origins: (
        Annotated[list[Annotated[str, Meta(max_length=300)]], Meta(max_length=100)] | None
    ) = None


@calls.get("/api/gallery/options", "What this installation allows owners of videos")
async def video_options(videos: Injected[VideoService]) -> Response[OptionsBody]:
    body = OptionsBody([*videos.offering.origins], videos.time_zone)
    return Response(body, headers=PRIVATE)


@calls.put(
    "/api/gallery/videos/{videoId:str}/offer",
    "Say what may be downloaded of a video, and which pages may hold its player",
    SIGNED_IN,
    fails=(409,),
)
async def change_offer(
    video_id: VideoId,
    data: JSONBody[OfferBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[wire.VideoBody]:
    origins = None if data.embed_origins is None else tuple(data.embed_origins)
    offer = Offer(download=data.download, embed=data.embed, embed_origins=origins)
    video = await videos.offering.change(number_of(video_id), offer, principal)
    return await answer(request, principal, videos, video)


ROUTES: list[Any] = [video_options, change_offer]
