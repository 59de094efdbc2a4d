"""Addresses of media: signed, for a while, and void at once when the video is shown no more."""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.videos.links import Links
from quadrangle.videos.model import Download, Place, Video
from quadrangle.videos.ports import VideoStore
from quadrangle.videos.processing.ports import FILM_FILE, SOUND_FILE
from quadrangle.videos.shared_links.model import SharedLink
from quadrangle.videos.shared_links.ports import SharedLinkStore
from quadrangle.videos.streaming.ports import CAPTIONS, Grant

PAUSES = timedelta(hours=6)  # how long somebody may stop in between
_UNKNOWN = timedelta(hours=4)  # for films whose length is not known yet
# What a rendition may have (processing.ports.Transcoder): nothing else is ever served.
_FILE = re.compile(
    r"(?:[a-z0-9][a-z0-9._-]{0,80}/)?[a-z0-9][a-z0-9._-]{0,120}"
    r"\.(?:m3u8|m4s|mp4|m4a|jpg|webp|vtt)"
)
_WATCH, _TAKE_SOUND, _TAKE_FILM = "media", "sound", "film"
# What opens which files; all others are opened for watching.
_USES = {SOUND_FILE: (_TAKE_SOUND, _TAKE_FILM), FILM_FILE: (_TAKE_FILM,)}


class Opened(msgspec.Struct, frozen=True):
    """What an address leads to."""

    key: str
    folder: str
    file: str


class Grants:
    """Implements Granting by signed addresses, and knows those that hold."""

    def __init__(
        self, store: VideoStore, shared: SharedLinkStore, links: Links, clock: Clock
    ) -> None:
        self._store = store
        self._shared = shared
        self._links = links
        self._clock = clock

    def give(self, video: Video, *, is_own: bool = False, link: SharedLink | None = None) -> Grant:
        now = self._clock.now()
        length = _UNKNOWN if video.duration is None else timedelta(seconds=video.duration)
        expiry = expiry_of(video, now, PAUSES + length, is_own=is_own, link=link)
        link_id = "" if link is None else link.link_id
        place = Place(video.key, video.details.folder, video.details.grants)

        def path(use: str) -> str:
            signature = self._links.grant(use, video.video_id, place, expiry, link_id)
            signed = f"{link_id}.{signature}" if link_id else signature
            return f"/m/{video.video_id}/{expiry}/{signed}/"

        names = files_of(video, is_own=is_own)
        below = path(_TAKE_FILM if FILM_FILE in names else _TAKE_SOUND)
        media = path(_WATCH)
        return Grant(
            media,
            f"{media}{CAPTIONS}/",
            instant_of(expiry),
            seconds_until(expiry, now),
            files={name: below + name for name in names},
        )

    def still(
        self, video: Video, file: str, *, is_own: bool = False, link: SharedLink | None = None
    ) -> str:
        return self.give(video, is_own=is_own, link=link).path + file

    async def open(self, video_id: str, expiry: str, signature: str, file: str) -> Opened | None:
        """Return what an address leads to; None for one that does not hold (any more)."""
        if not (_is_number(video_id) and _is_number(expiry) and _FILE.fullmatch(file)):
            return None
        if int(expiry) <= self._clock.now().timestamp():
            return None
        place = await self._store.place(int(video_id))
        link_id, _, bare = signature.rpartition(".")
        if place is None or not any(
            self._links.is_grant(bare, use, int(video_id), place, int(expiry), link_id)
            for use in _USES.get(file, (_WATCH,))
        ):
            return None
        if link_id and not await self._shared.stands(int(video_id), link_id):
            return None
        if not place.folder and not file.startswith(f"{CAPTIONS}/"):
            return None
        return Opened(place.key, place.folder, file)


def files_of(video: Video, *, is_own: bool) -> tuple[str, ...]:
    """Return which files of a video its viewer may take along, should they be there."""
    if is_own or video.details.download is Download.FILM:
        return (SOUND_FILE, FILM_FILE)
    return () if video.details.download is Download.NONE else (SOUND_FILE,)


def expiry_of(
    video: Video, now: datetime, usual: timedelta, *, is_own: bool, link: SharedLink | None
) -> int:
    """Return until when addresses of a video hold (seconds since 1970): for as long as is `usual`;
    for others than its owner no longer than it is published, or than the `link` holds that has led
    them here."""
    until = now + usual
    last = video.details.unpublish_at
    if last is not None and not is_own:
        until = min(until, max(from_text(last), now))
    if link is not None and link.ends_at is not None:
        until = min(until, from_text(link.ends_at))
    return int(until.timestamp())


def seconds_until(expiry: int, now: datetime) -> int:
    """Return how long something holds from now on; at least a second."""
    return max(1, expiry - int(now.timestamp()))


def instant_of(expiry: int) -> str:
    """Return seconds since 1970 as a text."""
    return to_text(datetime.fromtimestamp(expiry, UTC))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15
