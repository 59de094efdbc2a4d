"""Where somebody stopped watching, noted by players and told to that person alone."""

from typing import Annotated, Any

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Instant
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http.parameters import LinkKey, VideoId, calls, number_of
from quadrangle.videos.resuming.model import Position
from quadrangle.videos.resuming.resuming import LONGEST_S
from quadrangle.videos.service import VideoService

_PATH = "/api/gallery/videos/{videoId:str}/position"
# described alone: the service refuses what is longer with a sentence for people
_Seconds = Annotated[float, Meta(ge=0, extra_json_schema={"extra": {"maximum": LONGEST_S}})]


class PlaceBody(msgspec.Struct):
    """Second `at` of `of`."""

    at: _Seconds
    of: _Seconds


class PositionBody(msgspec.Struct):
    video_id: int
    at: float
    of: float
    noted_at: Instant


class OwnPositionBody(msgspec.Struct):
    position: PositionBody | None


class PositionList(msgspec.Struct):
    positions: list[PositionBody]


@calls.get("/api/gallery/positions", "Where one stopped in the videos watched last", SIGNED_IN)
async def list_positions(
    principal: Injected[Principal], videos: Injected[VideoService]
) -> Response[PositionList]:
    found = await videos.resuming.latest(principal)
    return Response(PositionList([_body(each) for each in found]), headers=PRIVATE)


@calls.get(_PATH, "Where one stopped in a video", SIGNED_IN)
async def show_position(
    video_id: VideoId,
    principal: Injected[Principal],
    videos: Injected[VideoService],
    key: LinkKey = None,
) -> Response[OwnPositionBody]:
    found = await videos.resuming.of(number_of(video_id), principal, key)
    return Response(OwnPositionBody(found and _body(found)), headers=PRIVATE)


@calls.put(_PATH, "Note for oneself alone where one is in a video", SIGNED_IN)
async def note_position(
    video_id: VideoId,
    data: JSONBody[PlaceBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
    key: LinkKey = None,
) -> Response[PositionBody]:
    noted = await videos.resuming.note(number_of(video_id), data.at, data.of, principal, key)
    return Response(_body(noted), headers=PRIVATE)


def _body(position: Position) -> PositionBody:
    return PositionBody(position.video_id, position.at, position.of, position.noted_at)


ROUTES: list[Any] = [list_positions, show_position, note_position]
