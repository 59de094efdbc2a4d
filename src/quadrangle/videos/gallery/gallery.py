"""Videos listed, shown, changed and deleted, by whoever may."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import structlog

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn, QuadrangleError
from quadrangle.kernel.principal import Principal
from quadrangle.videos import rules
from quadrangle.videos.gallery.search_words import words_of
from quadrangle.videos.links import Links
from quadrangle.videos.model import (
    NO_FILTERS,
    Filters,
    Moment,
    Pace,
    Passage,
    Status,
    Video,
    VideoQuery,
    Visibility,
)
from quadrangle.videos.ports import Queue, Shelves, VideoStore
from quadrangle.videos.processing import rules as processing
from quadrangle.videos.publishing_rules import Publishers, require_may_show
from quadrangle.videos.shared_links.model import SharedLink
from quadrangle.videos.shared_links.shared_links import SharedLinks
from quadrangle.videos.sharing.ports import SharingStore

log = structlog.get_logger(__name__)
_TRIES = 5


# Returns a video as it is after a change, and what tells of it; it may be called more than once.
Changing = Callable[[Video], tuple[Video, Change]]


Said = Mapping[str, Sequence[Passage]]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which page of which list somebody wants."""

    page: int
    limit: int
    search: str = ""
    mine: bool = False
    status: Status | None = None
    filters: Filters = NO_FILTERS


class Seen(msgspec.Struct, frozen=True):
    """A video that somebody may see; `link` is what let them, where nothing else did."""

    video: Video
    link: SharedLink | None = None


class Gallery:
    """What can be done with videos that are there."""

    def __init__(
        self,
        store: VideoStore,
        sharing: SharingStore,
        queue: Queue,
        shelves: Shelves,
        links: Links,
        shared: SharedLinks,
        clock: Clock,
        publishers: Publishers = Publishers.ANYONE,
    ) -> None:
        """`publishers` may show videos to everyone."""
        self._sharing = sharing
        self._store = store
        self._queue = queue
        self._shelves = shelves
        self._links = links
        self._shared = shared
        self._clock = clock
        self._publishers = publishers

    async def page(self, asked: Asked, who: Principal) -> tuple[list[Video], int]:
        """Return a page of what they may see listed, and how many there are."""
        if asked.mine:
            rules.require_account(who)
        query = _query(asked, who)
        if asked.search.strip() and not query.words:
            return [], 0
        return await self._store.page(query, (asked.page - 1) * asked.limit, asked.limit)

    async def moments(
        self, asked: Asked, who: Principal, hits: Sequence[Video]
    ) -> dict[int, Moment]:
        """Return where in hits of a search its words are said, by the videos' numbers."""
        return await self._store.moments(_query(asked, who), hits)

    async def show(self, video_id: int, who: Principal, key: str | None) -> Video:
        """Return a video. Raises what `seen` raises."""
        return (await self.seen(video_id, who, key)).video

    async def seen(self, video_id: int, who: Principal, key: str | None) -> Seen:
        """Return a video and by what it is seen. Raises NotFound when there is none, or none for
        them; Gone and PasswordRequired for the keys of links."""
        video = await self._store.get(video_id)
        if video is None:
            raise NotFound("Video not found")
        if await self.may_see(video, who, key):
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

    async def seen_by(self, video_ids: Sequence[int], who: Principal) -> list[Video]:
        """Return those of some videos that are there and for them, in the order given."""
        found = await self._store.some(video_ids)
        shared = [each.video_id for each in found if each.visibility is Visibility.SHARED]
        reached = await self._reached(shared, who)
        now = self._clock.now()
        return [
            each
            for each in found
            if rules.may_see(each, who, now, has_link=False, is_reached=each.video_id in reached)
        ]

    async def there(self, video_ids: Sequence[int]) -> set[int]:
        """Return the numbers of those that are there."""
        return {video.video_id for video in await self._store.some(video_ids)}

    async def may_see(self, video: Video, who: Principal, key: str | None = None) -> bool:
        """Tell whether a video is for them; `key` is that of a link they have."""
        has_link = key is not None and self._links.is_key(key, video)
        now = self._clock.now()
        if rules.may_see(video, who, now, has_link=has_link):
            return True
        if video.visibility is not Visibility.SHARED:
            return False
        is_reached = video.video_id in await self._reached([video.video_id], who)
        return rules.may_see(video, who, now, has_link=False, is_reached=is_reached)

    async def _reached(self, video_ids: Sequence[int], who: Principal) -> set[int]:
        return await self._sharing.reached(video_ids, who.account_id, campus=who.role is not None)

    async def paces(self, *videos: Video) -> dict[int, Pace]:
        """Return how far those are that wait or are processed."""
        unmade = (Status.UPLOADED, Status.PROCESSING)
        unready = [v.video_id for v in videos if v.status in unmade or v.details.redo is not None]
        return await self._store.paces(unready)

    async def change(self, video_id: int, edit: rules.VideoEdit, who: Principal) -> Video:
        """Change what its owner may say of a video. Raises InvalidInput too."""

        def decide(video: Video) -> tuple[Video, Change]:
            if edit.visibility is not None and edit.visibility is not video.visibility:
                require_may_show(edit.visibility, who, self._publishers)
            return rules.edited(video, edit, self._clock.now(), who)

        return await self.saving(video_id, who, decide)

    async def relink(self, video_id: int, who: Principal) -> Video:
        """Give a video another link."""
        return await self.saving(
            video_id, who, lambda video: rules.relinked(video, self._clock.now(), who)
        )

    async def saving(
        self, video_id: int, who: Principal, change: Changing, said: Said | None = None
    ) -> Video:
        """Load, change and save a video of theirs, again where somebody else saved in between.

        `said` is what is in new files of captions (VideoStore.save).
        Raises NotSignedIn, Forbidden, NotFound, Conflict at last, and what `change` raises.
        """
        for tries_left in reversed(range(_TRIES)):
            video, record = change(await self.own(video_id, who))
            try:
                await self._store.save(video, [record], self._clock.now(), said)
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
        await self.remove(await self.own(video_id, who), who)

    async def remove(self, video: Video, who: Principal, *facts: Change) -> None:
        """The same of a video that somebody may delete, as the caller has checked."""
        now = self._clock.now()
        gone = rules.record(rules.DELETED, video, now, who, {"status": video.status.value})
        await self._store.delete(video, [gone, *facts], now)
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
        if video is None or not await self.may_see(video, who):
            raise NotFound("Video not found")
        raise Forbidden("This is for whoever uploaded the video.")


def _query(asked: Asked, who: Principal) -> VideoQuery:
    filters = asked.filters
    if not asked.mine:  # of others' it is not told
        filters = msgspec.structs.replace(filters, visibility=None)
    return VideoQuery(
        filters=filters,
        campus=who.role is not None,
        owner_id=who.account_id,
        only_own=asked.mine,
        status=asked.status if asked.mine else None,
        words=words_of(asked.search),
    )
