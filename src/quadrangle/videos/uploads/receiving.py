"""Uploads begun, gone on with, ended: whatever breaks off in between."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, from_text
from quadrangle.kernel.errors import Conflict, NotFound, QuadrangleError, TooLarge, Unavailable
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.principal import Principal
from quadrangle.videos import rules as videos
from quadrangle.videos.editing import rules as editing
from quadrangle.videos.model import Video
from quadrangle.videos.uploads import rules
from quadrangle.videos.uploads.model import Upload, UploadLimits
from quadrangle.videos.uploads.ports import UploadFiles, UploadStore, Writing
from quadrangle.videos.uploads.rules import Checksum, NewUpload

POLL_S = 0.3  # how soon who writes notices that somebody else wants to
IDLE_S = 60.0  # a client that sends nothing for so long is let go of
_AT_ONCE = 2**20  # bytes gathered before they are written
_PROLONG_AFTER_S = 600.0


class WrongOffset(Conflict):
    """The upload goes on elsewhere: ask for its offset."""


class WrongChecksum(QuadrangleError):
    """What arrived is not what was sent: its checksum is another. Nothing of it was kept."""


class BrokenOff(Exception):
    """The client is gone."""


class Body(Protocol):
    """What a request brings."""

    async def next(self, within_s: float) -> bytes | None:
        """Return more of it, None at its end.

        Raises TimeoutError when nothing comes so soon, BrokenOff.
        """
        ...


class Uploads:
    """Everything about uploads. `lacking` returns what must be installed before any is taken,
    `require_replaceable` raises why somebody may not put another film in a video's place."""

    def __init__(
        self,
        store: UploadStore,
        files: UploadFiles,
        limits: UploadLimits,
        clock: Clock,
        lacking: Callable[[], Awaitable[str]],
        require_replaceable: Callable[[int, Principal], Awaitable[None]],
    ) -> None:
        self._store = store
        self._files = files
        self._clock = clock
        self._lacking = lacking
        self._require_replaceable = require_replaceable
        self.limits = limits

    async def create(self, new: NewUpload, who: Principal) -> Upload:
        """Begin an upload; one of no bytes is whole at once.

        Raises NotSignedIn, Forbidden, InvalidInput, TooLarge, Unavailable; of one that is to
        replace a film also NotFound and Conflict.
        """
        owner = (videos.require_account(who), who.name)
        lacking = await self._lacking()
        if lacking:
            raise Unavailable(lacking, retry_after_s=3600)
        upload = rules.new_upload(new, new_id(), owner, self._clock.now(), self.limits)
        if upload.replaces is not None:
            await self._require_replaceable(upload.replaces, who)
        await self._files.make(upload.upload_id, upload.size)
        try:
            await self._store.add(upload, self.limits.quota)
        except QuadrangleError:
            await self._files.remove(upload.upload_id)
            raise
        if upload.size == 0:
            await self._finish(upload)
        return upload

    async def own(self, upload_id: str, who: Principal) -> Upload:
        """Return an upload of theirs. Raises NotSignedIn, Forbidden, NotFound."""
        account_id = videos.require_account(who)
        upload = await self._store.get(upload_id) if is_id(upload_id) else None
        if upload is None or upload.user_id != account_id or self._is_over(upload):
            raise NotFound("Upload not found")
        return upload

    def _is_over(self, upload: Upload) -> bool:
        return upload.video_id is None and from_text(upload.expires_at) <= self._clock.now()

    async def offset(self, upload: Upload) -> int:
        """Return how much is there, with nobody writing any more."""
        if upload.video_id is not None:
            return upload.size
        async with self._files.lock(upload.upload_id) as writing:
            offset = writing.offset
        if offset == upload.size:  # the end of it was lost with a process
            await self._finish(upload)
        return offset

    async def look(self, upload: Upload) -> tuple[int, int | None]:
        """Return how much is there and the number of its video, without disturbing anyone."""
        if upload.video_id is not None:
            return upload.size, upload.video_id
        offset = await self._files.size(upload.upload_id)
        if offset < upload.size:
            return offset, None
        await self.offset(upload)
        again = await self._store.get(upload.upload_id)
        return upload.size, again.video_id if again is not None else None

    async def unfinished(self, who: Principal) -> list[tuple[Upload, int]]:
        """Return their uploads that are not whole, with how much of each is there."""
        found = await self._store.unfinished(videos.require_account(who))
        waiting = [upload for upload in found if not self._is_over(upload)]
        return [(each, await self._files.size(each.upload_id)) for each in waiting]

    async def room(self, who: Principal) -> tuple[int, str]:
        """Return how many bytes they use, and why nothing can be uploaded now, if so."""
        return await self._store.used(videos.require_account(who)), await self._lacking()

    async def receive(self, upload: Upload, at: int, checksum: Checksum | None, body: Body) -> int:
        """Take in what a request brings; return how much is there then, all of it on disk.

        Raises WrongOffset, WrongChecksum, TooLarge, Conflict when somebody else took over,
        BrokenOff. Without a checksum what came until then is kept.
        """
        if upload.video_id is not None:
            raise WrongOffset()
        async with self._files.lock(upload.upload_id) as writing:
            if writing.offset != at:
                raise WrongOffset()
            if checksum is not None:
                await writing.hold()
            await _take_in(upload, checksum, body, writing)
            await writing.keep()
            offset = writing.offset
        if offset == upload.size:
            await self._finish(upload)
        else:
            await self._prolong(upload)
        return offset

    async def _prolong(self, upload: Upload) -> None:
        until = rules.expiry(self._clock.now(), self.limits)
        gained = from_text(until) - from_text(upload.expires_at)
        if gained.total_seconds() > _PROLONG_AFTER_S:
            await self._store.prolong(upload.upload_id, until)

    async def remove(self, upload: Upload) -> None:
        """End an upload that is not whole. Raises Conflict for one that is a video by now."""
        if upload.video_id is not None:
            raise _is_video()
        async with self._files.lock(upload.upload_id):
            removed = await self._store.remove(upload.upload_id, self._clock.now())
        if removed:
            await self._files.remove(upload.upload_id)
        elif await self._store.get(upload.upload_id) is not None:
            raise _is_video()

    async def _finish(self, upload: Upload) -> None:
        now = self._clock.now()
        if upload.replaces is not None and await self._replace(upload, now) is not None:
            return
        video = rules.video_of(upload, now)
        who = Principal(upload.owner_name, account_id=upload.user_id)
        change = videos.record(videos.UPLOADED, video, now, who, {"bytes": upload.size})
        await self._store.complete(upload.upload_id, video, [change])

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
                if await self._files.size(upload.upload_id) >= upload.size:
                    await self._finish(upload)
                elif self._is_over(upload):
                    await self._store.remove(upload.upload_id, now)
                else:
                    continue
                done += 1
        return done


def _is_video() -> Conflict:
    return Conflict("This upload is whole, and a video now. Please delete the video instead.")


async def _take_in(upload: Upload, checksum: Checksum | None, body: Body, writing: Writing) -> None:
    digest = None if checksum is None else checksum.begin()
    gathered = bytearray()
    try:
        async for data in _chunks(body, writing):
            if writing.offset + len(gathered) + len(data) > upload.size:
                raise TooLarge("This is more than was announced for this upload.")
            gathered += data
            if digest is not None:
                digest.update(data)
            if len(gathered) >= _AT_ONCE:
                await writing.write(bytes(gathered))
                gathered.clear()
    finally:
        if gathered:
            await writing.write(bytes(gathered))
    if checksum is not None and digest is not None and digest.digest() != checksum.digest:
        raise WrongChecksum()


async def _chunks(body: Body, writing: Writing) -> AsyncIterator[bytes]:
    """Yield what comes, for as long as nobody else wants to write. Raises Conflict, BrokenOff."""
    heard_at = time.monotonic()
    while True:
        if writing.wanted():
            raise Conflict("Another request goes on with this upload.")
        try:
            data = await body.next(POLL_S)
        except TimeoutError:
            if time.monotonic() - heard_at > IDLE_S:
                raise BrokenOff from None
            continue
        if data is None:
            return
        heard_at = time.monotonic()
        yield data
