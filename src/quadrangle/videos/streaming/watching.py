"""What whoever wants to watch is told, and how often a video was watched."""

import secrets
from datetime import tzinfo

import msgspec

from quadrangle.kernel.clock import Clock, day_of, to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.principal import Principal
from quadrangle.videos import rules
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.links import Links
from quadrangle.videos.model import Status, Video
from quadrangle.videos.ports import VideoStore
from quadrangle.videos.processing.rules import HowFar, how_far
from quadrangle.videos.shared_links.model import SharedLink
from quadrangle.videos.streaming.ports import Grant, Granting

_HOUR = len("2026-11-21T09")


class Showing(msgspec.Struct, frozen=True):
    """A video with its addresses; `grant` None before the first part is there. `link` is what let
    its viewer see it, where nothing else did."""

    video: Video
    grant: Grant | None
    progress: HowFar | None
    link: SharedLink | None

    @property
    def is_partial(self) -> bool:
        return self.video.status is not Status.READY


class Watching:
    """Shows videos to those who may see them."""

    def __init__(
        self,
        gallery: Gallery,
        grants: Granting,
        store: VideoStore,
        links: Links,
        clock: Clock,
        zone: tzinfo,
    ) -> None:
        self._gallery = gallery
        self._grants = grants
        self._store = store
        self._links = links
        self._clock = clock
        self._zone = zone

    async def show(self, video_id: int, who: Principal, key: str | None) -> Showing:
        """Return what can be played. Raises NotFound, and Conflict of a video that failed."""
        seen = await self._gallery.seen(video_id, who, key)
        video = seen.video
        if video.status is Status.FAILED:
            raise Conflict(video.details.failure or "This video could not be processed.")
        grant = None
        if video.details.folder:
            grant = self._grants.give(video, is_own=rules.may_change(video, who), link=seen.link)
        return Showing(video, grant, await self._progress(video), seen.link)

    async def _progress(self, video: Video) -> HowFar | None:
        if video.status is Status.READY:
            return None
        pace = (await self._gallery.paces(video)).get(video.video_id)
        return None if pace is None else how_far(pace, playable=bool(video.details.folder))

    async def count(self, video: Video, who: Principal, cookie: str | None) -> str:
        """Count a view of somebody who is not its owner; return the cookie that knows them.

        Who is signed in is one viewer on all their devices, by what tells nobody who they are.
        """
        viewer, cookie = self._viewer(cookie)
        if who.account_id is not None:
            viewer = self._links.viewer(f"account:{who.account_id}")
        if not rules.is_owner(video, who):
            now = to_text(self._clock.now())
            day = day_of(now, self._zone)
            await self._store.count_view(video.video_id, viewer, now[:_HOUR], day)
        return cookie

    def _viewer(self, cookie: str | None) -> tuple[str, str]:
        """Return who that is, and the cookie; somebody new without one of ours."""
        viewer, _, signature = (cookie or "").partition(".")
        if cookie and self._links.is_viewer(signature, viewer):
            return viewer, cookie
        viewer = secrets.token_hex(12)
        return viewer, f"{viewer}.{self._links.viewer(viewer)}"
