"""Pictures of an issue: made safe on arrival, stored as files, counted on the issue."""

from quadrangle.issues import rules
from quadrangle.issues.model import Photo
from quadrangle.issues.ports import IssueStore, Pictures
from quadrangle.issues.service import existing
from quadrangle.issues.triage import retrying
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import NotFound, TooLarge
from quadrangle.kernel.files import FileMissing, Files
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.principal import Principal, require_staff

MAX_BYTES = 12 * 1024 * 1024
ACCEPTED = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")


class PhotoAlbum:
    """Adds, shows and removes pictures."""

    def __init__(self, store: IssueStore, files: Files, pictures: Pictures, clock: Clock) -> None:
        self._store = store
        self._files = files
        self._pictures = pictures
        self._clock = clock

    async def add(self, issue_id: str, content: bytes, actor: Principal) -> Photo:
        """Store a picture of at most MAX_BYTES. Whoever holds the id may.

        The files are written before the record that names them, so no record is without its
        files. Raises InvalidInput, TooLarge, Conflict, NotFound, Unavailable.
        """
        if len(content) > MAX_BYTES:
            raise TooLarge("Photos may have at most 12 MB.")
        rules.require_room_for_photo(await existing(self._store, issue_id))
        picture = await self._pictures.re_encode(content)
        photo = Photo(
            photo_id=new_id(),
            issue_id=issue_id,
            mime=picture.mime,
            width=picture.width,
            height=picture.height,
            bytes=len(picture.content),
            at=to_text(self._clock.now()),
        )
        await self._files.write(photo.key, picture.content)
        await self._files.write(photo.thumbnail_key, picture.thumbnail)
        try:
            await retrying(lambda: self._save(photo, actor))
        except BaseException:
            await self._delete_files(photo)
            raise
        return photo

    async def _save(self, photo: Photo, actor: Principal) -> None:
        issue = await existing(self._store, photo.issue_id)
        written, facts = rules.add_photo(issue, photo, actor, self._clock.now())
        await self._store.save(written, facts, add_photo=photo)

    async def show(self, issue_id: str, photo_id: str, *, thumbnail: bool) -> tuple[Photo, bytes]:
        """Return a picture and its bytes. Raises NotFound, Unavailable."""
        photo = await self._existing(issue_id, photo_id)
        try:
            return photo, await self._files.read(photo.thumbnail_key if thumbnail else photo.key)
        except FileMissing as error:
            raise NotFound("Photo not found") from error

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
