"""Uploads begun, gone on with, ended: whatever breaks off in between."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import ClassVar, Protocol

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, QuadrangleError, TooLarge
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal
from quadrangle.videos.publishing_rules import require_may_show
from quadrangle.videos.uploads import rules
from quadrangle.videos.uploads.known import KnownUploads, RequireReplaceable, is_video
from quadrangle.videos.uploads.model import Upload, UploadLimits
from quadrangle.videos.uploads.ports import UploadFiles, UploadStore, Writing
from quadrangle.videos.uploads.rules import Checksum, NewUpload

POLL_S = 0.3  # how soon who writes notices that somebody else wants to
IDLE_S = 60.0  # a client that sends nothing for so long is let go of
_AT_ONCE = 2**20  # bytes gathered before they are written


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


class Uploads(KnownUploads):
    """Uploads that come through this process, by tus, into files of their own."""

    way: ClassVar[str] = "tus"

    def __init__(
        self,
        store: UploadStore,
        files: UploadFiles,
        limits: UploadLimits,
        clock: Clock,
        lacking: Callable[[], Awaitable[str]],
        require_replaceable: RequireReplaceable,
    ) -> None:
        super().__init__(store, limits, clock, lacking, require_replaceable)
        self._files = files

    async def _arrived(self, upload: Upload) -> int:
        return await self._files.size(upload.upload_id)

    async def create(self, new: NewUpload, who: Principal) -> Upload:
        """Begin an upload; one of no bytes is whole at once.

        Raises NotSignedIn, Forbidden, InvalidInput, TooLarge, Unavailable; of one that is to
        replace a film also NotFound and Conflict.
        """
        owner = await self._owner_of_new(who)
        upload = rules.new_upload(new, new_id(), owner, self._clock.now(), self.limits)
        require_may_show(upload.visibility, who, self.limits.publishers)
        await self._require_may_replace(upload, who)
        await self._files.make(upload.upload_id, upload.size)
        try:
            await self._store.add(upload, self.limits.quota)
        except QuadrangleError:
            await self._files.remove(upload.upload_id)
            raise
        if upload.size == 0:
            await self._finish(upload)
        return upload

    async def offset(self, upload: Upload) -> int:
        """Return how much is there, with nobody writing any more."""
        if upload.video_id is not None:
            return upload.size
        async with self._files.lock(upload.upload_id) as writing:
            offset = writing.offset
        if offset == upload.size:  # the end of it was lost with a process
            await self._finish(upload)
        return offset

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

    async def remove(self, upload: Upload) -> None:
        """End an upload that is not whole. Raises Conflict for one that is a video by now."""
        if upload.video_id is not None:
            raise is_video()
        async with self._files.lock(upload.upload_id):
            removed = await self._store.remove(upload.upload_id, self._clock.now())
        if removed:
            await self._files.remove(upload.upload_id)
        elif await self._store.get(upload.upload_id) is not None:
            raise is_video()


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
