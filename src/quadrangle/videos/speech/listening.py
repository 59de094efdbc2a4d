"""A video listened to: what is said becomes captions, or its owner is told why not."""

import contextlib
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, NotFound, Unavailable
from quadrangle.kernel.jobs import GiveUp, Handler, Job, RetryLater, RetryPolicy
from quadrangle.videos.breaking_off import NotWanted, while_wanted
from quadrangle.videos.captions.captions import named
from quadrangle.videos.captions.cue_rules import Cue, written
from quadrangle.videos.captions.language_rules import name_of
from quadrangle.videos.captions.passage_rules import passages_of
from quadrangle.videos.gallery.gallery import Said
from quadrangle.videos.jobs import LISTEN
from quadrangle.videos.model import Caption, Video
from quadrangle.videos.ports import Shelves, VideoStore
from quadrangle.videos.speech import rules
from quadrangle.videos.speech.cueing_rules import cues_of
from quadrangle.videos.speech.model import Heard
from quadrangle.videos.speech.ports import Recognizer, Wishes

log = structlog.get_logger(__name__)
POLICY = RetryPolicy(max_attempts=3, first_delay_s=60.0, max_delay_s=1800.0)
_OTHERS_FIRST = timedelta(seconds=30)
_WATCH_EVERY_S = 2.0
_TRIES = 5


@dataclass(frozen=True)
class ListeningParts:
    """What listening needs."""

    store: VideoStore
    shelves: Shelves
    wishes: Wishes
    recognizer: Recognizer
    clock: Clock


class Listening:
    """Listens to videos, one at a time in each worker, so that no other work waits for it."""

    def __init__(self, parts: ListeningParts) -> None:
        self._parts = parts
        self._busy = False

    async def listen(self, job: Job) -> None:
        """Handle one video. A failure that may pass is raised, for the engine to try again."""
        if self._busy:
            raise RetryLater(_OTHERS_FIRST, "Another video is being listened to.")
        self._busy = True
        try:
            await self._listen(job)
        finally:
            self._busy = False

    async def _listen(self, job: Job) -> None:
        video_id = int(job.payload["videoId"])
        video = await self._parts.store.get(video_id)
        speech = video and video.details.speech
        if video is None or speech is None:
            return
        asked = speech.asked
        try:
            video = await self._save(video_id, asked, lambda v: rules.began(v, self._now()))
            async with self._watched(video_id, asked):
                heard = await self._hear(video)
            await self._write(video, asked, heard)
        except NotWanted:
            return
        except (Unavailable, OSError) as error:
            if job.attempt < POLICY.max_attempts:
                raise
            await self._fail(video_id, asked, rules.WORN_OUT)
            raise GiveUp(f"Video {video_id} was listened to too often: {error}") from error

    async def _hear(self, video: Video) -> Heard:
        p, details = self._parts, video.details
        assert details.speech is not None
        lacking = await p.recognizer.lacking()
        if lacking:
            raise Unavailable(lacking)
        try:
            sound = await p.shelves.bring_sound(video)
            if sound is None:
                raise NotWanted
            return await p.recognizer.hear(sound, details.speech.language, video.duration or 0.0)
        except NotFound as error:  # it is being made anew, or is gone
            raise Unavailable("The sound of this video is not there just now.") from error
        finally:
            await p.shelves.let_go(video.key)

    async def _write(self, heard_of: Video, asked: str, heard: Heard) -> None:
        cues = cues_of(heard.words)
        speech = heard_of.details.speech
        assert speech is not None
        if not cues:
            await self._fail(heard_of.video_id, asked, rules.NOTHING_SAID)
            return
        language = speech.language or heard.language
        caption = named(language, name_of(language), automatic=True)
        await self._keep(heard_of, asked, caption, cues)

    async def _keep(self, heard_of: Video, asked: str, caption: Caption, cues: list[Cue]) -> None:
        p = self._parts
        try:
            await p.shelves.write_caption(heard_of.key, caption.file, written(cues).encode())
        except NotFound as error:
            raise NotWanted from error

        replaced: list[Caption] = []

        def change(video: Video) -> tuple[Video, Change]:
            if video.details.folder != heard_of.details.folder:
                raise Unavailable("The video was made anew meanwhile.")
            changed, record = rules.written(video, caption, self._now())
            kept = changed.details.captions
            replaced[:] = [each for each in video.details.captions if each not in kept]
            return changed, record

        try:
            video = await self._save(
                heard_of.video_id, asked, change, {caption.file: passages_of(cues)}
            )
        except NotWanted:
            await p.shelves.remove_caption(heard_of.key, caption.file)
            raise
        for each in replaced:
            await p.shelves.remove_caption(heard_of.key, each.file)
        log.info("video listened to", video_id=video.video_id, cues=len(cues))

    async def bury(self) -> int:
        """Tell the owners of what nobody listens to any more; return how many. A worker that died
        each time could not tell them itself."""
        lost = await self._parts.wishes.lost()
        for wish in lost:
            await self._fail(wish.video_id, wish.asked, rules.BROKE_OFF)
        return len(lost)

    async def _fail(self, video_id: int, asked: str, sentence: str) -> None:
        with contextlib.suppress(NotWanted):
            await self._save(video_id, asked, lambda v: rules.failed(v, sentence, self._now()))

    async def _save(
        self,
        video_id: int,
        asked: str,
        change: Callable[[Video], Video | tuple[Video, Change]],
        said: Said | None = None,
    ) -> Video:
        """Change a video that is still to be listened to for this wish; raise NotWanted if not."""
        store = self._parts.store
        for _ in range(_TRIES):
            video = await store.get(video_id)
            if video is None or not _is_wanted(video, asked):
                raise NotWanted
            made = change(video)
            changed, records = (made[0], [made[1]]) if isinstance(made, tuple) else (made, [])
            try:
                await store.save(changed, records, self._now(), said)
            except Conflict:
                continue
            return changed
        raise Unavailable("This video is changed all the time.")

    def _watched(self, video_id: int, asked: str) -> AbstractAsyncContextManager[None]:
        async def is_wanted() -> bool:
            video = await self._parts.store.get(video_id)
            return video is not None and _is_wanted(video, asked)

        return while_wanted(is_wanted, _WATCH_EVERY_S)

    def _now(self) -> datetime:
        return self._parts.clock.now()

    def handlers(self) -> Mapping[str, Handler]:
        """Return what handles its jobs, by their functions."""
        return {LISTEN: self.listen}


def _is_wanted(video: Video, asked: str) -> bool:
    return video.details.speech is not None and video.details.speech.asked == asked
