"""Addresses of media: signed, for a while, and void at once when the video is shown no more."""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.videos.links import Links
from quadrangle.videos.model import Place, Video
from quadrangle.videos.ports import VideoStore
from quadrangle.videos.streaming.ports import CAPTIONS, Grant

PAUSES = timedelta(hours=6)  # how long somebody may stop in between
_UNKNOWN = timedelta(hours=4)  # for films whose length is not known yet
# What a rendition may have (processing.ports.Transcoder): nothing else is ever served.
_FILE = re.compile(
    r"(?:[a-z0-9][a-z0-9._-]{0,80}/)?[a-z0-9][a-z0-9._-]{0,120}"
    r"\.(?:m3u8|m4s|mp4|m4a|jpg|webp|vtt)"
)


class Opened(msgspec.Struct, frozen=True):
    """What an address leads to."""

    key: str
    folder: str
    file: str


class Grants:
    """Implements Granting by signed addresses, and knows those that hold."""

    def __init__(self, store: VideoStore, links: Links, clock: Clock) -> None:
        self._store = store
        self._links = links
        self._clock = clock

    def give(self, video: Video, *, is_own: bool = False) -> Grant:
        expiry = expiry_of(video, self._clock.now(), PAUSES, is_own=is_own)
        place = Place(video.key, video.details.folder, video.details.grants)
        signature = self._links.grant(video.video_id, place, expiry)
        path = f"/m/{video.video_id}/{expiry}/{signature}/"
        return Grant(path, f"{path}{CAPTIONS}/", instant_of(expiry))

    def still(self, video: Video, file: str, *, is_own: bool = False) -> str:
        return self.give(video, is_own=is_own).path + file

    async def open(self, video_id: str, expiry: str, signature: str, file: str) -> Opened | None:
        """Return what an address leads to; None for one that does not hold (any more)."""
        if not (_is_number(video_id) and _is_number(expiry) and _FILE.fullmatch(file)):
            return None
        if int(expiry) <= self._clock.now().timestamp():
            return None
        place = await self._store.place(int(video_id))
        if place is None or not self._links.is_grant(signature, int(video_id), place, int(expiry)):
            return None
        if not place.folder and not file.startswith(f"{CAPTIONS}/"):
            return None
        return Opened(place.key, place.folder, file)


def expiry_of(video: Video, now: datetime, pauses: timedelta, *, is_own: bool) -> int:
    """Return until when addresses of a video hold (seconds since 1970): for its length and
    `pauses`, and for others than its owner no longer than it is published."""
    length = _UNKNOWN if video.duration is None else timedelta(seconds=video.duration)
    until = now + pauses + length
    last = video.details.unpublish_at
    if last is not None and not is_own:
        until = min(until, max(from_text(last), now))
    return int(until.timestamp())


def instant_of(expiry: int) -> str:
    """Return seconds since 1970 as a text."""
    return to_text(datetime.fromtimestamp(expiry, UTC))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15
