"""Pictures of an issue: made safe on arrival, stored as files, counted on the issue."""

import msgspec
import structlog

from quadrangle.issues import rules
from quadrangle.issues.model import Photo
from quadrangle.issues.photos.ports import PhotoLink, PhotoLinks, Pictures
from quadrangle.issues.ports import IssueStore
from quadrangle.issues.writing import existing, retrying
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, TooLarge
from quadrangle.kernel.files import FileMissing, Files
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.principal import Principal, require_staff

log = structlog.get_logger(__name__)

MAX_BYTES = 12 * 1024 * 1024
ACCEPTED = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")


def accepted_mime(text: str, field: str) -> str:
    """Return the type in a Content-Type without its parameters. Raises InvalidInput."""
    mime = text.partition(";")[0].strip().lower()
    if mime not in ACCEPTED:
        raise InvalidInput.at(field, "Please send a JPEG, PNG, WebP or HEIC picture.")
    return mime


def require_size(length: int) -> None:
    """Raise TooLarge when a picture has more than MAX_BYTES."""
    if length > MAX_BYTES:
        raise TooLarge("Photos may have at most 12 MB.")


class PhotoAlbum:
    """Adds, shows and removes pictures. `links` are there where the store itself shows them."""

    def __init__(
        self,
        store: IssueStore,
        files: Files,
        pictures: Pictures,
        clock: Clock,
        links: PhotoLinks | None = None,
    ) -> None:
        self._store = store
        self._files = files
        self._pictures = pictures
        self._clock = clock
        self._links = links

    async def add(self, issue_id: str, content: bytes, actor: Principal) -> Photo:
        """Store a picture of at most MAX_BYTES. Whoever holds the id may.

        Its files are deleted again when its record was surely not saved. After any other failure
        it may have been, though the answer was lost, so the files stay: a file too many is no
        harm, a picture without its file is. Raises InvalidInput, TooLarge, Conflict, NotFound,
        TooManyRequests, Unavailable.
        """
        require_size(len(content))
        rules.require_room_for_photo(await existing(self._store, issue_id))
        photo = await self._write_files(issue_id, new_id(), content, actor)
        try:
            await retrying(lambda: self._save(photo, actor))
        except (Conflict, NotFound):
            await self._delete_files(photo)
            raise
        except BaseException:
            log.warning("files of a photo are kept", issue_id=issue_id, photo_id=photo.photo_id)
            raise
        return photo

    async def add_once(
        self, issue_id: str, photo_id: str, content: bytes, actor: Principal
    ) -> None:
        """Store a picture under an id of the caller's; when that is there already, do nothing.

        So it may be repeated, also while the first call is at work. Files stay when this fails:
        they may be those of the other call. Raises as `add` does.
        """
        require_size(len(content))
        if not await self._is_added(issue_id, photo_id):
            photo = await self._write_files(issue_id, photo_id, content, actor)
            await retrying(lambda: self._save(photo, actor))

    async def _is_added(self, issue_id: str, photo_id: str) -> bool:
        """Tell whether the issue has that photo. Raises NotFound, and Conflict without room."""
        issue = await existing(self._store, issue_id)
        if await self._store.photo(issue_id, photo_id) is not None:
            return True
        rules.require_room_for_photo(issue)
        return False

    async def _write_files(
        self, issue_id: str, photo_id: str, content: bytes, actor: Principal
    ) -> Photo:
        """Write the files before the record that names them: no record is without its files."""
        picture = await self._pictures.re_encode(content, actor.origin or "")
        photo = Photo(
            photo_id=photo_id,
            issue_id=issue_id,
            mime=picture.mime,
            width=picture.width,
            height=picture.height,
            bytes=len(picture.content),
            at=to_text(self._clock.now()),
        )
        await self._files.write(photo.key, picture.content, photo.mime)
        await self._files.write(photo.thumbnail_key, picture.thumbnail, photo.mime)
        return photo

    async def _save(self, photo: Photo, actor: Principal) -> None:
        issue = await existing(self._store, photo.issue_id)
        # Looked for after the issue was read: who adds it from now on makes `save` a Conflict.
        if await self._store.photo(photo.issue_id, photo.photo_id) is not None:
            return
        written, facts = rules.add_photo(issue, photo, actor, self._clock.now())
        added = msgspec.structs.replace(photo, at=max(photo.at, issue.updated_at))
        await self._store.save(written, facts, add_photo=added)

    async def show(self, issue_id: str, photo_id: str, *, thumbnail: bool) -> tuple[Photo, bytes]:
        """Return a picture and its bytes. Raises NotFound, Unavailable."""
        photo = await self._existing(issue_id, photo_id)
        try:
            return photo, await self._files.read(photo.thumbnail_key if thumbnail else photo.key)
        except FileMissing as error:
            raise NotFound("Photo not found") from error

    async def link(self, issue_id: str, photo_id: str, *, thumbnail: bool) -> PhotoLink | None:
        """Return where the store shows a picture; None where only `show` does.

        Raises NotFound, Unavailable.
        """
        if self._links is None:
            return None
        photo = await self._existing(issue_id, photo_id)
        return self._links.link(photo.thumbnail_key if thumbnail else photo.key)

    async def remove(self, issue_id: str, photo_id: str, actor: Principal) -> None:
        """Delete a picture. Its record goes first: what is left over then is only a file."""
        require_staff(actor)
        photo = await self._existing(issue_id, photo_id)

        async def attempt() -> None:
            issue = await existing(self._store, issue_id)
            written, facts = rules.remove_photo(issue, photo, actor, self._clock.now())
            await self._store.save(written, facts, remove_photo=photo_id)

        await retrying(attempt)
        await self._delete_files(photo)

    async def _existing(self, issue_id: str, photo_id: str) -> Photo:
        known = is_id(issue_id) and is_id(photo_id)
        photo = await self._store.photo(issue_id, photo_id) if known else None
        if photo is None:
            raise NotFound("Photo not found")
        return photo

    async def _delete_files(self, photo: Photo) -> None:
        await self._files.delete(photo.key)
        await self._files.delete(photo.thumbnail_key)
