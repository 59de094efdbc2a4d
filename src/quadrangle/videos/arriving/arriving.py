"""A film of a source becomes a video that waits for its turn, and that its people alone see."""

from datetime import timedelta

import msgspec
import structlog

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.films import Film, FilmSource
from quadrangle.kernel.principal import SYSTEM
from quadrangle.videos.model import Visibility
from quadrangle.videos.ports import VideoStore
from quadrangle.videos.rules import DELETED, record
from quadrangle.videos.sharing.model import Audience
from quadrangle.videos.sharing.ports import SharingStore
from quadrangle.videos.sharing.rules import shared
from quadrangle.videos.uploads.known import KnownUploads
from quadrangle.videos.uploads.model import OF_MEETING, Upload
from quadrangle.videos.uploads.ports import UploadFiles, UploadStore

log = structlog.get_logger(__name__)
_TRIES = 5
# By its upload a film is known to have become a video, for as long as it may be taken back.
_KNOWN_FOR = timedelta(days=3650)


class Arriving:
    """Reacts to changes by which its source tells that films are there, and that they are not to
    be any more."""

    def __init__(
        self,
        source: FilmSource,
        uploads: KnownUploads,
        upload_store: UploadStore,
        files: UploadFiles,
        videos: VideoStore,
        sharing: SharingStore,
        clock: Clock,
    ) -> None:
        self._source = source
        self._uploads = uploads
        self._upload_store = upload_store
        self._files = files
        self._videos = videos
        self._sharing = sharing
        self._clock = clock

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        return [
            Reaction("videos.take-in", frozenset({self._source.there}), self.take_in),
            Reaction("videos.take-away", frozenset({self._source.gone}), self.take_away),
        ]

    async def take_in(self, change: Change) -> None:
        """Have the film of a change become one video, however often the change is heard."""
        film = await self._source.film(change)
        if film is None:
            return
        upload = await self._upload_store.get(film.film_id)
        if upload is None:
            try:
                upload = await self._bring(film)
            except NotFound:
                log.warning("a film was gone before it was taken in", film=film.film_id)
                await self._files.remove(film.film_id)
                return
        await self._uploads.offset(upload)  # all of it is there: it becomes a video
        whole = await self._upload_store.get(film.film_id)
        if whole is not None and whole.video_id is not None:
            await self._share(whole.video_id, film)
        now = await self._source.film(change)
        if now is None or now.owner[0] != upload.user_id:  # taken back, or nobody's by now
            await self._delete(film.film_id)

    async def take_away(self, change: Change) -> None:
        """Delete the video of a film that is not to be any more. Safe to repeat."""
        await self._delete(self._source.film_id(change))

    async def _delete(self, film_id: str) -> None:
        upload = await self._upload_store.get(film_id)
        if upload is None or upload.video_id is None:
            return
        for tries_left in reversed(range(_TRIES)):
            video = await self._videos.get(upload.video_id)
            if video is None:
                return
            now = self._clock.now()
            gone = record(DELETED, video, now, SYSTEM, {"status": video.status.value})
            try:
                await self._videos.delete(video, [gone], now)
            except Conflict:
                if not tries_left:
                    raise
            else:
                return

    async def _bring(self, film: Film) -> Upload:
        """Copy the bytes, and only then have an upload of them, which is whole at once."""
        await self._files.remove(film.film_id)  # what an earlier try has left
        await self._files.make(film.film_id, 0)
        async with self._files.lock(film.film_id) as writing:
            async for piece in self._source.content(film):
                await writing.write(piece)
            await writing.keep()
            size = writing.offset
        now = self._clock.now()
        upload = Upload(
            upload_id=film.film_id,
            user_id=film.owner[0],
            owner_name=film.owner[1],
            size=size,
            title=film.title,
            filename=film.filename,
            description=film.description,
            visibility=Visibility.SHARED if film.watchers else Visibility.PRIVATE,
            metadata=OF_MEETING,
            created_at=to_text(now),
            expires_at=to_text(now + _KNOWN_FOR),
        )
        await self._upload_store.add(upload, 0)  # nobody chose its size: it counts, and is taken
        return upload

    async def _share(self, video_id: int, film: Film) -> None:
        """Share it with its people, once: what its owner changes later stays."""
        for tries_left in reversed(range(_TRIES)):
            video = await self._videos.get(video_id)
            if video is None or not film.watchers or video.visibility is not Visibility.SHARED:
                return
            before = await self._sharing.audience(video_id)
            if before.people:
                return
            after = msgspec.structs.replace(before, people=film.watchers)
            moved, change = shared(video, Audience(), after, self._clock.now(), SYSTEM)
            try:
                await self._sharing.share(moved, before, after, [change], self._clock.now())
            except Conflict:  # it was saved in between, as by its processing
                if not tries_left:
                    raise
            else:
                return
