"""Uploads whose parts go to a store past this service: begun, signed for, joined, ended."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, QuadrangleError
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal
from quadrangle.videos.publishing_rules import require_may_show
from quadrangle.videos.uploads import part_rules, rules
from quadrangle.videos.uploads.known import KnownUploads, RequireReplaceable, is_video
from quadrangle.videos.uploads.model import Upload, UploadLimits
from quadrangle.videos.uploads.part_rules import SentPart, SignedPart
from quadrangle.videos.uploads.ports import PartFiles, UploadStore

NOT_WHOLE = "Not all of this file has arrived yet. Please send what is missing."


class PartUploads(KnownUploads):
    """Uploads by parts. What has arrived, the store of the parts is asked for, never the client."""

    injected_as: ClassVar[str] = "part_uploads"
    way: ClassVar[str] = "parts"

    def __init__(
        self,
        store: UploadStore,
        files: PartFiles,
        limits: UploadLimits,
        clock: Clock,
        lacking: Callable[[], Awaitable[str]],
        require_replaceable: RequireReplaceable,
    ) -> None:
        super().__init__(store, limits, clock, lacking, require_replaceable)
        self._files = files

    async def begin(self, size: int, given: Mapping[str, str], who: Principal) -> Upload:
        """Begin an upload of `size` bytes; `given` are title, filename, description, visibility.

        Raises NotSignedIn, Forbidden, InvalidInput, TooLarge, Unavailable.
        """
        owner = await self._owner_of_new(who)
        if size < 1:
            raise InvalidInput.at("size", "This file is empty. Please choose another one.")
        now = self._clock.now()
        upload = rules.described(size, given, new_id(), owner, now, self.limits)
        require_may_show(upload.visibility, who, self.limits.publishers)
        await self._require_may_replace(upload, who)
        upload = msgspec.structs.replace(
            upload,
            multipart=await self._files.begin(upload.upload_id),
            part_size=part_rules.part_size(size),
        )
        try:
            await self._store.add(upload, self.limits.quota)
        except QuadrangleError:
            await self._files.remove(upload.upload_id)
            raise
        return upload

    async def sign(
        self, upload: Upload, checksums: Sequence[tuple[int, str]]
    ) -> tuple[list[SignedPart], str]:
        """Return where parts go, by their numbers and SHA-256, and until when the upload waits.

        Raises InvalidInput, Conflict for an upload that is whole.
        """
        if upload.video_id is not None:
            raise is_video()
        signed = self._files.sign(upload, part_rules.new_parts(upload, checksums))
        await self._prolong(upload)
        return signed, rules.expiry(self._clock.now(), self.limits)

    async def complete(self, upload: Upload) -> int:
        """Make a video of an upload of which all has arrived; return its number.

        Safe to repeat. Raises Conflict where something is missing, NotFound when it was ended.
        """
        if upload.video_id is not None:
            return upload.video_id
        if await self.offset(upload) < upload.size:
            raise Conflict(NOT_WHOLE)
        made = await self._store.get(upload.upload_id)
        if made is None or made.video_id is None:
            raise NotFound("Upload not found")
        return made.video_id

    async def offset(self, upload: Upload) -> int:
        if upload.video_id is not None:
            return upload.size
        arrived = await self._arrived(upload)
        if arrived == upload.size:
            await self._make_whole(upload)
        return arrived

    async def _arrived(self, upload: Upload) -> int:
        parts = await self._files.sent(upload)
        if parts is None:  # joined, but the process ended before there was a video
            return await self._files.size(upload.upload_id)
        return sum(part.size for part in part_rules.from_the_beginning(upload, parts))

    async def _make_whole(self, upload: Upload) -> None:
        parts = await self._files.sent(upload)
        if parts is not None:
            await self._join(upload, parts)
        if await self._finish(upload) is None:  # it was ended meanwhile
            await self._files.remove(upload.upload_id)

    async def _join(self, upload: Upload, parts: list[SentPart]) -> None:
        whole = part_rules.from_the_beginning(upload, parts)
        if len(whole) != part_rules.count(upload):
            raise Conflict(NOT_WHOLE)
        try:
            await self._files.join(upload, whole)
        except NotFound:  # somebody else did, or ended it
            if await self._files.size(upload.upload_id) != upload.size:
                raise

    async def remove(self, upload: Upload) -> None:
        """End an upload that is not whole. Raises Conflict for one that is a video by now."""
        if upload.video_id is not None:
            raise is_video()
        if await self._store.remove(upload.upload_id, self._clock.now()):
            await self._files.remove(upload.upload_id)
        elif await self._store.get(upload.upload_id) is not None:
            raise is_video()
