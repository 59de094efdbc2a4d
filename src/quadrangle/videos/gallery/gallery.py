"""Videos listed, shown, changed and deleted, by whoever may."""

from collections.abc import Callable

import msgspec
import structlog

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn, QuadrangleError
from quadrangle.kernel.principal import Principal
from quadrangle.videos import rules
from quadrangle.videos.gallery.search_words import words_of
from quadrangle.videos.links import Links
from quadrangle.videos.model import Pace, Status, Video, VideoQuery
from quadrangle.videos.ports import Queue, Shelves, VideoStore
from quadrangle.videos.processing import rules as processing
from quadrangle.videos.shared_links.model import SharedLink
from quadrangle.videos.shared_links.shared_links import SharedLinks

log = structlog.get_logger(__name__)
_TRIES = 5


# Returns a video as it is after a change, and what tells of it; it may be called more than once.
Changing = Callable[[Video], tuple[Video, Change]]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which page of which list somebody wants."""

    page: int
    limit: int
    search: str = ""
    mine: bool = False
    status: Status | None = None


class Seen(msgspec.Struct, frozen=True):
    """A video that somebody may see; `link` is what let them, where nothing else did."""

    video: Video
    link: SharedLink | None = None


class Gallery:
    """What can be done with videos that are there."""

    def __init__(
        self,
        store: VideoStore,
        queue: Queue,
        shelves: Shelves,
        links: Links,
        shared: SharedLinks,
        clock: Clock,
    ) -> None:
        self._store = store
        self._queue = queue
        self._shelves = shelves
        self._links = links
        self._shared = shared
        self._clock = clock

    async def page(self, asked: Asked, who: Principal) -> tuple[list[Video], int]:
        """Return a page of what they may see listed, and how many there are."""
        if asked.mine:
            rules.require_account(who)
        words = words_of(asked.search)
        if asked.search.strip() and not words:
            return [], 0
        query = VideoQuery(
            campus=who.role is not None,
            owner_id=who.account_id,
            only_own=asked.mine,
            status=asked.status if asked.mine else None,
            words=words,
        )
        return await self._store.page(query, (asked.page - 1) * asked.limit, asked.limit)

    async def show(self, video_id: int, who: Principal, key: str | None) -> Video:
        """Return a video. Raises what `seen` raises."""
        return (await self.seen(video_id, who, key)).video

    async def seen(self, video_id: int, who: Principal, key: str | None) -> Seen:
        """Return a video and by what it is seen. Raises NotFound when there is none, or none for
        them; Gone and PasswordRequired for the keys of links."""
        video = await self._store.get(video_id)
        if video is None:
            raise NotFound("Video not found")
        if self._may_see(video, who, key):
            return Seen(video)
        link = None
        if rules.may_be_opened(video, self._clock.now()):
            link = await self._shared.through(key, video)
        if link is None:
            raise NotFound("Video not found")
        return Seen(video, link)

    async def existing(self, video_id: int) -> Video:
        """Return a video, whoever may see it. Raises NotFound."""
        video = await self._store.get(video_id)
        if video is None:
            raise NotFound("Video not found")
        return video

    async def unlock(self, video_id: int, key: str, password: str, address: str) -> str:
        """Return the key that a link's password gives. Raises what SharedLinks.unlock raises."""
        video = await self._store.get(video_id)
        if video is None or not rules.may_be_opened(video, self._clock.now()):
            raise NotFound("Video not found")
        return await self._shared.unlock(video, key, password, address)

    def _may_see(self, video: Video, who: Principal, key: str | None) -> bool:
        has_link = key is not None and self._links.is_key(key, video)
        return rules.may_see(video, who, self._clock.now(), has_link=has_link)

    async def paces(self, *videos: Video) -> dict[int, Pace]:
        """Return how far those are that wait or are processed."""
        unmade = (Status.UPLOADED, Status.PROCESSING)
        unready = [v.video_id for v in videos if v.status in unmade or v.details.redo is not None]
        return await self._store.paces(unready)

    async def change(self, video_id: int, edit: rules.VideoEdit, who: Principal) -> Video:
        """Change what its owner may say of a video. Raises InvalidInput too."""
        return await self.saving(
            video_id, who, lambda video: rules.edited(video, edit, self._clock.now(), who)
        )

    async def relink(self, video_id: int, who: Principal) -> Video:
        """Give a video another link."""
        return await self.saving(
            video_id, who, lambda video: rules.relinked(video, self._clock.now(), who)
        )

    async def saving(self, video_id: int, who: Principal, change: Changing) -> Video:
        """Load, change and save a video of theirs, again where somebody else saved in between.

        Raises NotSignedIn, Forbidden, NotFound, Conflict at last, and what `change` raises.
        """
        for tries_left in reversed(range(_TRIES)):
            video, record = change(await self.own(video_id, who))
            try:
                await self._store.save(video, [record], self._clock.now())
            except Conflict:
                if not tries_left:
                    raise
            else:
                return video
        raise AssertionError("the last try returns or raises")

    async def retry(self, video_id: int, who: Principal) -> Video:
        """Have a video that failed be processed once more. Raises Conflict."""
        video = await self.own(video_id, who)
        if video.status is not Status.FAILED or not video.details.may_pass:
            raise Conflict("Trying this again would not help, or it is tried already.")
        now = self._clock.now()
        again, changes = processing.again(video, now, who)
        await self._queue.again(again, changes, now)
        return again

    async def delete(self, video_id: int, who: Principal) -> None:
        """Delete a video with all its files, and end what is done with it.

        Once the row is gone a job removes the files, whatever happens here.
        """
        video = await self.own(video_id, who)
        now = self._clock.now()
        gone = rules.record(rules.DELETED, video, now, who, {"status": video.status.value})
        await self._store.delete(video, [gone], now)
        try:
            await self._shelves.remove(video.key)
        except (QuadrangleError, OSError) as error:
            log.warning("files of a video are removed later", cause=repr(error))

    async def own(self, video_id: int, who: Principal) -> Video:
        """Return a video that they may change. Raises NotSignedIn, Forbidden, NotFound."""
        video = await self._store.get(video_id)
        if who.role is None:
            raise NotSignedIn()
        if video is not None and rules.may_change(video, who):
            return video
        if video is None or not self._may_see(video, who, None):
            raise NotFound("Video not found")
        raise Forbidden("This is for whoever uploaded the video.")
