"""What uploads have in common, whichever way their bytes come: whose they are, how far, and when
they end."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import ClassVar

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, from_text
from quadrangle.kernel.errors import Conflict, NotFound, Unavailable
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.principal import Principal
from quadrangle.videos import rules as videos
from quadrangle.videos.editing import rules as editing
from quadrangle.videos.model import Video
from quadrangle.videos.uploads import rules
from quadrangle.videos.uploads.model import Upload, UploadLimits
from quadrangle.videos.uploads.ports import UploadStore

_PROLONG_AFTER_S = 600.0


RequireReplaceable = Callable[[int, Principal], Awaitable[None]]


class KnownUploads(ABC):
    """Uploads as rows tell of them. `lacking` returns why none can be taken now, "" if they can;
    `require_replaceable` raises why somebody may not put another film in a video's place."""

    def __init__(
        self,
        store: UploadStore,
        limits: UploadLimits,
        clock: Clock,
        lacking: Callable[[], Awaitable[str]],
        require_replaceable: RequireReplaceable,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lacking = lacking
        self._require_replaceable = require_replaceable
        self.limits = limits

    way: ClassVar[str]  # how bytes are sent, as clients are told

    @abstractmethod
    async def _arrived(self, upload: Upload) -> int:
        """Return how many bytes of one are there, without disturbing who sends."""
        ...

    @abstractmethod
    async def offset(self, upload: Upload) -> int:
        """Return how much is there; of one of which all is there, a video is made."""
        ...

    async def _owner_of_new(self, who: Principal) -> tuple[str, str]:
        """Return the account and name of who may begin one.

        Raises NotSignedIn, Forbidden, Unavailable.
        """
        owner = (videos.require_account(who), who.name)
        lacking = await self._lacking()
        if lacking:
            raise Unavailable(lacking, retry_after_s=3600)
        return owner

    async def _require_may_replace(self, upload: Upload, who: Principal) -> None:
        """Raise NotFound, Forbidden, Conflict for a film that may not take another's place."""
        if upload.replaces is not None:
            await self._require_replaceable(upload.replaces, who)

    async def own(self, upload_id: str, who: Principal) -> Upload:
        """Return an upload of theirs. Raises NotSignedIn, Forbidden, NotFound."""
        account_id = videos.require_account(who)
        upload = await self._store.get(upload_id) if is_id(upload_id) else None
        if upload is None or upload.user_id != account_id or self._is_over(upload):
            raise NotFound("Upload not found")
        return upload

    def _is_over(self, upload: Upload) -> bool:
        return upload.video_id is None and from_text(upload.expires_at) <= self._clock.now()

    async def look(self, upload: Upload) -> tuple[int, int | None]:
        """Return how much is there and the number of its video, without disturbing anyone."""
        if upload.video_id is not None:
            return upload.size, upload.video_id
        offset = await self._arrived(upload)
        if offset < upload.size:
            return offset, None
        await self.offset(upload)
        again = await self._store.get(upload.upload_id)
        return upload.size, again.video_id if again is not None else None

    async def unfinished(self, who: Principal) -> list[tuple[Upload, int]]:
        """Return their uploads that are not whole, with how much of each is there."""
        found = await self._store.unfinished(videos.require_account(who))
        waiting = [upload for upload in found if not self._is_over(upload)]
        return [(each, await self._arrived(each)) for each in waiting]

    async def room(self, who: Principal) -> tuple[int, str]:
        """Return how many bytes they use, and why nothing can be uploaded now, if so."""
        return await self._store.used(videos.require_account(who)), await self._lacking()

    async def _prolong(self, upload: Upload) -> None:
        until = rules.expiry(self._clock.now(), self.limits)
        gained = from_text(until) - from_text(upload.expires_at)
        if gained.total_seconds() > _PROLONG_AFTER_S:
            await self._store.prolong(upload.upload_id, until)

    async def _make_whole(self, upload: Upload) -> None:
        """Make a video of an upload of which all has arrived."""
        await self._finish(upload)

    async def _finish(self, upload: Upload) -> int | None:
        """Make a video of an upload that is whole, once; None when it was removed meanwhile."""
        now = self._clock.now()
        if upload.replaces is not None:
            replaced = await self._replace(upload, now)
            if replaced is not None:
                return replaced
        video = rules.video_of(upload, now)
        who = Principal(upload.owner_name, account_id=upload.user_id)
        change = videos.record(videos.UPLOADED, video, now, who, {"bytes": upload.size})
        return await self._store.complete(upload.upload_id, video, [change])

    async def _replace(self, upload: Upload, now: datetime) -> int | None:
        """Have a film take another's place. Where it may not any more, as the video is gone, it
        becomes a video of its own: nothing that was sent is lost."""

        def replaced(video: Video) -> tuple[Video, Sequence[Change]] | None:
            if not editing.may_replace(video, upload):
                return None
            after, change = editing.replaced(video, upload, now)
            return after, [change]

        return await self._store.replace(upload.upload_id, replaced, now)

    async def sweep(self) -> int:
        """End what has waited too long, and make videos of what is whole; return how many."""
        now, after, done = self._clock.now(), "", 0
        while some := await self._store.waiting(200, after):
            after = some[-1].upload_id
            for upload in some:
                if await self._arrived(upload) >= upload.size:
                    await self._make_whole(upload)
                elif self._is_over(upload):
                    await self._store.remove(upload.upload_id, now)
                else:
                    continue
                done += 1
        return done


def is_video() -> Conflict:
    """Return the refusal to end an upload that is whole."""
    return Conflict("This upload is whole, and a video now. Please delete the video instead.")
