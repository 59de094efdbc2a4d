"""Links by which an owner shows a video, and the password that opens one."""

from typing import Annotated, Any, TypeAlias

import msgspec
from litestar import Response
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Instant
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.videos.http.parameters import VideoId, calls, number_of
from quadrangle.videos.model import Video
from quadrangle.videos.service import VideoService
from quadrangle.videos.shared_links import rules
from quadrangle.videos.shared_links.model import NewLink, SharedLink

_PATH = "/api/gallery/videos/{videoId:str}/links"
_LONGEST = 1000
LinkId: TypeAlias = Annotated[str, PathParameter(name="linkId", max_length=100)]


class NewLinkBody(msgspec.Struct):
    """All may be left out: a link then holds until it is revoked."""

    label: Annotated[str, Meta(max_length=_LONGEST)] = ""
    ends_at: Annotated[str, Meta(max_length=40)] = ""
    password: Annotated[str, Meta(max_length=_LONGEST)] = ""


class LinkBody(msgspec.Struct):
    id: str
    label: str
    key: str
    url: str
    created_at: Instant
    ends_at: Instant | None
    has_password: bool
    over: bool


class LinkList(msgspec.Struct):
    links: list[LinkBody]


class UnlockBody(msgspec.Struct):
    key: Annotated[str, Meta(max_length=200)]
    password: Annotated[str, Meta(max_length=_LONGEST)]


class UnlockedBody(msgspec.Struct):
    key: str


@calls.get(_PATH, "The links by which a video of one's own is shown, the newest first", SIGNED_IN)
async def list_links(
    video_id: VideoId, principal: Injected[Principal], videos: Injected[VideoService]
) -> Response[LinkList]:
    video = await videos.gallery.own(number_of(video_id), principal)
    found = [_body(link, video, videos) for link in await videos.shared.of_video(video)]
    return Response(LinkList(found), headers=PRIVATE)


@calls.post(_PATH, "Make a link that shows a video of one's own", SIGNED_IN, fails=(409,))
async def make_link(
    video_id: VideoId,
    data: JSONBody[NewLinkBody],
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> Response[LinkBody]:
    video = await videos.gallery.own(number_of(video_id), principal)
    new = NewLink(label=data.label, ends_at=data.ends_at, password=data.password)
    link = await videos.shared.make(video, new, principal)
    return Response(_body(link, video, videos), status_code=201, headers=PRIVATE)


@calls.delete(
    _PATH + "/{linkId:str}",
    "Revoke a link, and all that was opened by it",
    SIGNED_IN,
    fails=(400,),
)
async def revoke_link(
    video_id: VideoId,
    link_id: LinkId,
    principal: Injected[Principal],
    videos: Injected[VideoService],
) -> None:
    video = await videos.gallery.own(number_of(video_id), principal)
    await videos.shared.revoke(video, link_id, principal)


@calls.post(
    "/api/gallery/videos/{videoId:str}/unlock",
    "Give the password of a link for a key that opens without it for some hours",
    status=200,
    fails=(403, 410, 429),
)
async def unlock(
    video_id: VideoId,
    data: JSONBody[UnlockBody],
    client_address: Injected[str],
    videos: Injected[VideoService],
) -> Response[UnlockedBody]:
    key = await videos.gallery.unlock(number_of(video_id), data.key, data.password, client_address)
    return Response(UnlockedBody(key), headers=PRIVATE)


def _body(link: SharedLink, video: Video, videos: VideoService) -> LinkBody:
    key = videos.shared.key(link, video)
    return LinkBody(
        id=link.link_id,
        label=link.label,
        key=key,
        url=f"{videos.public_url.rstrip('/')}/video?id={video.video_id}&key={key}",
        created_at=link.created_at,
        ends_at=link.ends_at,
        has_password=bool(link.password),
        over=rules.is_over(link, videos.clock.now()),
    )


ROUTES: list[Any] = [list_links, make_link, revoke_link, unlock]
