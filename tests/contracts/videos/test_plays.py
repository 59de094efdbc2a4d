"""Plays are counted by the days of the campus."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.principal import ANYONE
from quadrangle.sql.base.database import Database
from quadrangle.videos.links import Links
from quadrangle.videos.plays.plays import DayPlays, Plays
from quadrangle.videos.streaming.watching import Watching
from tests.contracts.videos.reel import Reel

AUCKLAND = ZoneInfo("Pacific/Auckland")  # 13 hours ahead of UTC in November


async def test_a_play_counts_on_the_day_that_the_campus_has(database: Database):
    clock = ManualClock(datetime(2026, 11, 20, 10, 30, tzinfo=UTC))  # half past eleven at night
    reel = Reel(database, clock)
    video = await reel.shown()
    links = Links(b"secret")
    gallery, grants = None, None  # counting asks neither
    watching = Watching(gallery, grants, reel.store, links, clock, AUCKLAND)
    plays = Plays(reel.store, clock, AUCKLAND)
    await watching.count(video, ANYONE, None)
    assert await plays.lately(video, 2) == [DayPlays("2026-11-19", 0), DayPlays("2026-11-20", 1)]
    clock.advance(timedelta(hours=1))  # it is the next day there, and still the same in UTC
    await watching.count(video, ANYONE, None)
    assert await plays.lately(video, 2) == [DayPlays("2026-11-20", 1), DayPlays("2026-11-21", 1)]
