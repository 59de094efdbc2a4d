"""Films made one file, once their owners let others download them."""

from datetime import timedelta
from pathlib import Path

import msgspec

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.jobs import Job, RetryLater
from quadrangle.videos.model import Download, Status, Video
from quadrangle.videos.ports import Shelves, VideoStore
from quadrangle.videos.processing.ports import Rendered, Transcoder

_TRIES = 5
_NOT_YET = timedelta(seconds=30)


class Joining:
    """Makes those files."""

    def __init__(
        self, store: VideoStore, shelves: Shelves, transcoder: Transcoder, clock: Clock
    ) -> None:
        self._store = store
        self._shelves = shelves
        self._transcoder = transcoder
        self._clock = clock

    async def joined(self, folder: Path, rendered: Rendered) -> Rendered:
        """Return a rendition with its file, which is written now."""
        name = await self._transcoder.join(folder, rendered)
        return msgspec.structs.replace(rendered, film_file=name)

    async def join(self, job: Job) -> None:
        """Handle one film that is wanted as a file. Raises RetryLater while it is being made."""
        video_id = int(job.payload["videoId"])
        video = await self._store.get(video_id)
        if video is None or video.status is Status.FAILED or not _is_wanted(video):
            return
        media, folder = video.details.media, video.details.folder
        if video.status is not Status.READY or media is None:
            raise RetryLater(_NOT_YET, "the film is being made")
        if media.film_file or not media.rungs:
            return
        try:
            made = await self.joined(await self._shelves.bring(video.key, folder), media)
            await self._shelves.settle(video.key, folder)
        finally:
            await self._shelves.let_go(video.key)
        await self._save(video_id, folder, made)

    async def _save(self, video_id: int, folder: str, made: Rendered) -> None:
        for _ in range(_TRIES):
            video = await self._store.get(video_id)
            if video is None or video.details.folder != folder:
                return  # another film has taken its place, with a file of its own
            now = self._clock.now()
            after = msgspec.structs.replace(
                video,
                details=msgspec.structs.replace(video.details, media=made),
                updated_at=to_text(now),
                version=video.version + 1,
            )
            try:
                await self._store.save(after, [], now)
            except Conflict:
                continue
            return
        raise Conflict()


def _is_wanted(video: Video) -> bool:
    return video.details.download is Download.FILM
