"""What becomes of somebody's videos when their account is closed.

May be called again for the same change: it does what is left to do.
"""

from quadrangle.kernel.change import Change, Reaction, in_parts
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.principal import SYSTEM
from quadrangle.videos import rules
from quadrangle.videos.model import Video, VideoQuery, Visibility
from quadrangle.videos.ports import VideoStore
from quadrangle.videos.shared_links.ports import SharedLinkStore
from quadrangle.videos.sharing.ports import SharingStore
from quadrangle.videos.uploads.ports import UploadStore

_AT_ONCE = 25
_MORE = "more"  # the place of every part: what is done is found no more
_TRIES = 5


class VideoReactions:
    """The reactions of the video service."""

    def __init__(
        self,
        store: VideoStore,
        uploads: UploadStore,
        shared_links: SharedLinkStore,
        sharing: SharingStore,
        clock: Clock,
    ) -> None:
        self._store = store
        self._uploads = uploads
        self._shared_links = shared_links
        self._sharing = sharing
        self._clock = clock

    def all(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        closed = frozenset({"account.closed"})
        return [in_parts("videos.forget-member", closed, self.forget_member)]

    async def forget_member(self, change: Change, place: str | None) -> str | None:
        """End a closed account's uploads, delete its videos that nobody else may see, and take its
        name from all others. Raises Conflict, Unavailable.

        Uploads first, so that none becomes a video meanwhile. Files go by the jobs of their rows.
        It is a part of them (see kernel.change.Part); none of it is theirs any more afterwards.
        """
        account_id = change.subject
        for upload in await self._uploads.unfinished(account_id):
            await self._uploads.remove(upload.upload_id, self._clock.now())
        theirs = VideoQuery(owner_id=account_id, only_own=True)
        videos = (await self._store.page(theirs, 0, _AT_ONCE))[0]
        for video in videos:
            await self._forget(video.video_id, account_id)
        if videos:
            return _MORE
        await self._uploads.forget_owner(account_id)
        return None

    async def _forget(self, video_id: int, account_id: str) -> None:
        for tries_left in reversed(range(_TRIES)):
            video = await self._store.get(video_id)
            if video is None or video.user_id != account_id:
                return
            try:
                await self._let_go(video)
            except Conflict:  # it was saved in between, as by its processing
                if not tries_left:
                    raise
            else:
                return

    async def _let_go(self, video: Video) -> None:
        now = self._clock.now()
        if rules.outlives_owner(video) and await self._is_for_others(video):
            await self._shared_links.forget(video.video_id)
            nobodys, change = rules.ownerless(video, now)
            await self._store.save(nobodys, [change], now)
        else:
            gone = rules.record(rules.DELETED, video, now, SYSTEM, {"status": video.status.value})
            await self._store.delete(video, [gone], now)

    async def _is_for_others(self, video: Video) -> bool:
        """Tell whether what is shared is shared with anybody."""
        if video.visibility is not Visibility.SHARED:
            return True
        audience = await self._sharing.audience(video.video_id)
        return bool(audience.people or audience.courses)
