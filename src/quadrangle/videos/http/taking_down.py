"""Staff takes a video down, with a reason."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Instant, text_of
from quadrangle.http.routes import SIGNED_IN
from quadrangle.http.wire import NothingBody
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http import wire
from quadrangle.videos.http.gallery import answer
from quadrangle.videos.http.parameters import LinkKey, VideoId, calls, number_of
from quadrangle.videos.model import Video
from quadrangle.videos.service import VideoService
from quadrangle.videos.taking_down.taking_down import LONGEST_REASON


class TakeDownBody(msgspec.Struct):
    """`reason` is what the owner reads; without `delete` nobody else but staff sees the video
    until it is given back."""

    reason: Annotated[str, text_of(LONGEST_REASON)]
    delete: bool = False


class TakenDownBody(msgspec.Struct):
    """`since` of what an earlier release took down is when it was changed last."""

    video_id: int
    title: str
    owner_name: str
    since: Instant
    reason: str


class TakenDownList(msgspec.Struct):
    videos: list[TakenDownBody]
    total: int


@calls.get("/api/gallery/taken-down", "What is taken down, and why; for staff", SIGNED_IN)
async def list_taken_down(
    principal: Injected[Principal], videos: Injected[VideoService]
) -> Response[TakenDownList]:
    found, total = await videos.taking_down.all_hidden(principal)
    bodies = [_body(each) for each in found]
    return Response(TakenDownList(bodies, total), headers=PRIVATE)


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


def _body(video: Video) -> TakenDownBody:
    down = video.details.taken_down
    return TakenDownBody(
        video_id=video.video_id,
        title=video.title,
        owner_name=video.details.owner_name,
        since=(down and down.at) or video.updated_at,
        reason=down.reason if down else "",
    )


ROUTES = [list_taken_down, take_down, give_video_back]
