"""What crashes and waiting leave behind, looked for again and again."""

from datetime import timedelta

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.jobs import Job, Jobs, NewJob
from quadrangle.videos.jobs import SWEEP
from quadrangle.videos.ports import Queue, VideoStore
from quadrangle.videos.processing.working import Processing
from quadrangle.videos.speech.listening import Listening
from quadrangle.videos.uploads.known import KnownUploads
from quadrangle.videos.uploads.ports import UploadStore

EVERY = timedelta(minutes=1)
_VIEWS_KEPT = timedelta(hours=2)
_HOUR = len("2026-11-21T09")


class Sweeping:
    """Ends uploads nobody goes on with, finds what nobody works on any more, forgets who watched.

    `listening` is that of an installation that hears.
    """

    def __init__(
        self,
        processing: Processing,
        uploads: KnownUploads,
        upload_store: UploadStore,
        store: VideoStore,
        queue: Queue,
        jobs: Jobs,
        clock: Clock,
        listening: Listening | None = None,
    ) -> None:
        self._processing = processing
        self._uploads = uploads
        self._upload_store = upload_store
        self._store = store
        self._queue = queue
        self._jobs = jobs
        self._clock = clock
        self._listening = listening

    async def sweep(self, job: Job) -> None:
        """Handle one sweep, having asked for the next."""
        now = self._clock.now()
        await self._jobs.put(NewJob(SWEEP, {}, now + EVERY, SWEEP))
        await self._uploads.sweep()
        await self._upload_store.forget_whole(to_text(now))
        await self._processing.bury()
        if self._listening is not None:
            await self._listening.bury()
        await self._queue.admit(now)
        await self._store.reshelve(now)
        await self._store.forget_views(to_text(now - _VIEWS_KEPT)[:_HOUR])
