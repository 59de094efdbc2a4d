"""How often a video was played, day by day."""

from datetime import timedelta, tzinfo

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.videos.model import Video
from quadrangle.videos.ports import VideoStore

MOST_DAYS = 366


class DayPlays(msgspec.Struct, frozen=True):
    """A day of the campus's calendar, and how many views were counted on it."""

    day: str
    plays: int


class Plays:
    """Told to owners, whom the caller has checked."""

    def __init__(self, store: VideoStore, clock: Clock, zone: tzinfo) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone

    async def lately(self, video: Video, days: int) -> list[DayPlays]:
        """Return each of the last `days` days, the present one last."""
        today = self._clock.now().astimezone(self._zone).date()
        shown = [(today - timedelta(days=back)).isoformat() for back in reversed(range(days))]
        found = await self._store.plays(video.video_id, shown[0])
        return [DayPlays(day, found.get(day, 0)) for day in shown]
