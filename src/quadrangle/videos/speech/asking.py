"""Automatic captions asked for, by the owner or because a video became ready."""

import secrets
from dataclasses import dataclass

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput, Unavailable
from quadrangle.kernel.jobs import Jobs, NewJob
from quadrangle.kernel.principal import SYSTEM, Principal
from quadrangle.videos.captions.language_rules import base_of, is_language
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.jobs import LISTEN, listening_to
from quadrangle.videos.model import Video
from quadrangle.videos.ports import VideoStore
from quadrangle.videos.speech import rules
from quadrangle.videos.speech.ports import Recognizer

AUTOMATIC, NONE = "auto", "none"  # values of the setting beside codes of languages


class Offer(msgspec.Struct, frozen=True):
    """What an installation can hear. `refusal` is a sentence while it can hear nothing, else "";
    `languages` are codes, None for all."""

    refusal: str
    languages: tuple[str, ...] | None


@dataclass(frozen=True)
class Hearing:
    """What an installation hears with. `language` is the one that videos are listened to in once
    they are ready: a code, AUTOMATIC or NONE."""

    recognizer: Recognizer
    jobs: Jobs
    language: str


class Asking:
    """What can be wished for of automatic captions."""

    def __init__(self, gallery: Gallery, store: VideoStore, hearing: Hearing, clock: Clock) -> None:
        self._gallery = gallery
        self._store = store
        self._recognizer = hearing.recognizer
        self._jobs = hearing.jobs
        self._clock = clock
        self._language = hearing.language

    @property
    def usual(self) -> str:
        """The language that is taken where none is named: a code, "" to find it out."""
        return rules.UNNAMED if self._language in (AUTOMATIC, NONE) else self._language

    async def offer(self) -> Offer:
        """Return what can be heard here."""
        refusal = await self._recognizer.lacking()
        return Offer(refusal, () if refusal else await self._recognizer.languages())

    async def ask(self, video_id: int, language: str, who: Principal) -> Video:
        """Have what is said in a video be written down. Raises InvalidInput, Conflict, and
        Unavailable where nothing can be heard."""
        asked = secrets.token_hex(6)

        def change(video: Video) -> tuple[Video, Change]:
            return rules.wanted(video, language, asked, self._clock.now(), who)

        change(await self._gallery.own(video_id, who))  # what speaks against it is told first
        offer = await self.offer()
        if offer.refusal:
            raise Unavailable(offer.refusal)
        if not _knows(offer, language):
            raise InvalidInput.at("language", "This language cannot be heard here.")
        video = await self._gallery.saving(video_id, who, change)
        await self._put(video_id, asked)
        return video

    async def give_up(self, video_id: int, who: Principal) -> None:
        """Have no more be written, and forget what failed. Raises NotFound."""
        await self._gallery.saving(
            video_id, who, lambda video: rules.given_up(video, self._clock.now(), who)
        )
        await self._jobs.cancel(listening_to(video_id))

    async def when_ready(self, change: Change) -> None:
        """React to a video that became ready. Safe to repeat."""
        if self._language == NONE:
            return
        language = self.usual
        video = await self._store.get(int(change.subject))
        if video is None or not rules.needs_no_wish(video, language):
            if video is not None and video.details.speech is not None:  # a crash in between
                await self._put(video.video_id, video.details.speech.asked)
            return
        offer = await self.offer()
        if offer.refusal or not _knows(offer, language):
            return
        now = self._clock.now()
        asked = secrets.token_hex(6)
        wanted, record = rules.wanted(video, language, asked, now, SYSTEM)
        try:
            await self._store.save(wanted, [record], now)
        except Conflict as error:  # somebody else saved it: the reaction comes again
            raise Unavailable("This video was changed meanwhile.") from error
        await self._put(video.video_id, asked)

    async def _put(self, video_id: int, asked: str) -> None:
        payload = {"videoId": video_id, "asked": asked}
        await self._jobs.put(NewJob(LISTEN, payload, name=listening_to(video_id)))


def _knows(offer: Offer, language: str) -> bool:
    if offer.languages is None or language == rules.UNNAMED:
        return True
    return base_of(language) in offer.languages


def is_choice(language: str) -> bool:
    """Tell whether the setting may say so."""
    return language in (AUTOMATIC, NONE) or is_language(language)
