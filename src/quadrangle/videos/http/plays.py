"""How often a video was played, for its owner."""

from typing import Annotated, Any

import msgspec
from litestar import Response
from litestar.params import QueryParameter

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http.parameters import VideoId, calls, number_of
from quadrangle.videos.plays.plays import MOST_DAYS, DayPlays
from quadrangle.videos.service import VideoService

_Days = Annotated[int, QueryParameter(name="days", ge=1, le=MOST_DAYS)]


class PlayList(msgspec.Struct):
    days: list[DayPlays]


@calls.get(
    "/api/gallery/videos/{videoId:str}/plays",
    "How often a video of one's own was played, day by day; by whom nobody knows",
    SIGNED_IN,
    fails=(400,),
)
async def list_plays(
    video_id: VideoId,
    principal: Injected[Principal],
    videos: Injected[VideoService],
    days: _Days = 30,
) -> Response[PlayList]:
    video = await videos.gallery.own(number_of(video_id), principal)
    return Response(PlayList(await videos.plays.lately(video, days)), headers=PRIVATE)


ROUTES: list[Any] = [list_plays]
