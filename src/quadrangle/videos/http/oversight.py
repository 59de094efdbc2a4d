"""The queue of processing, for staff."""

from typing import Any

import msgspec
from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Instant
from quadrangle.http.routes import SIGNED_IN
from quadrangle.http.wire import NothingBody
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http import wire
from quadrangle.videos.http.parameters import VideoId, calls, number_of
from quadrangle.videos.model import Status
from quadrangle.videos.oversight.model import Seen
from quadrangle.videos.processing.rules import how_far
from quadrangle.videos.service import VideoService

_PATH = "/api/gallery/processing"


class SeenBody(msgspec.Struct):
    """`title` is null where its reader may not see the video itself."""

    video_id: int
    title: str | None
    owner_name: str
    file_size: int
    status: Status
    since: Instant
    tries: int
    again_at: Instant | None
    failure: str | None
    may_pass: bool
    progress: wire.ProgressBody | None


class QueueBody(msgspec.Struct):
    slots: int
    running: list[SeenBody]
    waiting: list[SeenBody]
    waiting_total: int
    failed: list[SeenBody]
    failed_total: int


class RetriedBody(msgspec.Struct):
    retried: int


@calls.get(_PATH, "What is made, what waits in which order, and what failed; for staff", SIGNED_IN)
async def show_queue(
    principal: Injected[Principal], videos: Injected[VideoService]
) -> Response[QueueBody]:
    seen = await videos.oversight.look(principal)

    def bodies(found: tuple[Seen, ...], *, runs: bool = False) -> list[SeenBody]:
        return [_body(each, principal, videos, runs=runs) for each in found]

    body = QueueBody(
        slots=seen.slots,
        running=bodies(seen.running, runs=True),
        waiting=bodies(seen.waiting),
        waiting_total=seen.waiting_total,
        failed=bodies(seen.failed),
        failed_total=seen.failed_total,
    )
    return Response(body, headers=PRIVATE)


@calls.post(
    _PATH + "/{videoId:str}/retry",
    "Have a video that failed, for whatever reason, wait for a turn once more; for staff",
    SIGNED_IN,
    status=200,
    fails=(409,),
)
async def retry_one(
    video_id: VideoId,
    data: JSONBody[NothingBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> RetriedBody:
    await videos.oversight.retry(number_of(video_id), principal)
    return RetriedBody(1)


@calls.post(
    _PATH + "/retry",
    "Have all wait once more that failed for a reason that may pass; for staff",
    SIGNED_IN,
    status=200,
)
async def retry_all(
    data: JSONBody[NothingBody], principal: Injected[Principal], videos: Injected[VideoService]
) -> RetriedBody:
    return RetriedBody(await videos.oversight.retry_all(principal))


def _body(seen: Seen, who: Principal, videos: VideoService, *, runs: bool) -> SeenBody:
    video, details = seen.video, seen.video.details
    progress = how_far(seen.pace, playable=bool(details.folder)) if runs else None
    return SeenBody(
        video_id=video.video_id,
        title=video.title if videos.oversight.may_read(video, who) else None,
        owner_name=details.owner_name,
        file_size=video.file_size,
        status=video.status,
        since=seen.since,
        tries=seen.tries,
        again_at=seen.again_at,
        failure=details.failure or None,
        may_pass=details.may_pass,
        progress=progress and wire.progress_body(progress),
    )


ROUTES: list[Any] = [show_queue, retry_one, retry_all]
