"""Pictures that go straight to the store: announced, sent past the service, looked at on arrival.

This is the way where a request cannot hold a whole picture; elsewhere PhotoAlbum takes them as
they come.
"""

import msgspec

from quadrangle.issues import rules
from quadrangle.issues.model import Photo
from quadrangle.issues.photos.album import MAX_BYTES, PhotoAlbum, accepted_mime, require_size
from quadrangle.issues.photos.ports import PhotoUpload, PhotoUploads, UploadForm
from quadrangle.issues.ports import IssueStore
from quadrangle.issues.writing import existing
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, TooLarge
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.principal import Principal


class PhotoOutcome(msgspec.Struct, frozen=True):
    """What came of an upload; `photo` while the issue has it."""

    upload: PhotoUpload
    photo: Photo | None


class PhotoReception:
    """Announces uploads, takes in what arrives, and tells what came of it."""

    def __init__(
        self, store: IssueStore, album: PhotoAlbum, uploads: PhotoUploads, clock: Clock
    ) -> None:
        self._store = store
        self._album = album
        self._uploads = uploads
        self._clock = clock

    async def begin(
        self, issue_id: str, content_type: str, length: int, actor: Principal
    ) -> tuple[PhotoUpload, UploadForm]:
        """Allow one picture of that type, of `length` bytes, to be sent. Whoever holds the id may.

        Raises InvalidInput (fields `contentType`, `bytes`), TooLarge, NotFound, Unavailable, and
        Conflict when the issue has all the photos it may have.
        """
        mime = accepted_mime(content_type, "contentType")
        if length < 1:
            raise InvalidInput.at("bytes", "This file is empty.")
        require_size(length)
        issue = await existing(self._store, issue_id)
        rules.require_room_for_photo(issue)
        now = to_text(self._clock.now())
        upload = PhotoUpload(new_id(), issue.issue_id, mime, actor, now)
        return upload, await self._uploads.begin(upload, MAX_BYTES)

    async def outcome(self, issue_id: str, upload_id: str) -> PhotoOutcome:
        """Tell what came of an upload of the last day. Raises NotFound, Unavailable."""
        known = is_id(issue_id) and is_id(upload_id)
        upload = await self._uploads.find(issue_id, upload_id) if known else None
        if upload is None:
            raise NotFound("Upload not found")
        photo = await self._store.photo(issue_id, upload_id)
        if photo is not None:  # whatever a repeat of the arrival may have made of it since
            upload = msgspec.structs.replace(upload, state="done", message=None)
        return PhotoOutcome(upload, photo)

    async def receive(self, issue_id: str, upload_id: str) -> None:
        """React to the arrival of an upload's bytes. Safe to repeat, also at the same time.

        Raises what passes (Unavailable, a Conflict that was only a lost race): then repeat it.
        """
        upload = await self._uploads.find(issue_id, upload_id)
        if upload is None:
            return  # over a day old, so the store is about to forget the bytes too
        if upload.state == "waiting":
            content = await self._uploads.content(upload)
            if content is None:
                return  # another call has settled it in between
            upload = await self._added_or_refused(upload, content)
        await self._uploads.settle(upload)

    async def _added_or_refused(self, upload: PhotoUpload, content: bytes) -> PhotoUpload:
        try:
            await self._album.add_once(upload.issue_id, upload.upload_id, content, upload.actor)
        except (InvalidInput, TooLarge, NotFound) as error:
            return _refused(upload, error.message)
        except Conflict as error:
            if await self._has_room(upload.issue_id):
                raise
            return _refused(upload, error.message)
        return msgspec.structs.replace(upload, state="done")

    async def _has_room(self, issue_id: str) -> bool:
        issue = await existing(self._store, issue_id)
        return issue.photo_count < rules.MAX_PHOTOS


def _refused(upload: PhotoUpload, message: str) -> PhotoUpload:
    return msgspec.structs.replace(upload, state="refused", message=message)
