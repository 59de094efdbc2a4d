"""Where people stopped watching, on every store."""

import asyncio
from datetime import timedelta

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.sql.videos.positions import SqlPositions
from quadrangle.videos.courses.reactions import CourseReactions
from quadrangle.videos.resuming.model import Position
from quadrangle.videos.rules import DELETED, record
from tests.contracts.videos.reel import ADA, Reel


def position(reel: Reel, video_id: int, at: float) -> Position:
    return Position(video_id, at, 60.0, to_text(reel.clock.now()))


async def test_each_person_has_their_own(reel: Reel):
    positions = SqlPositions(reel.database)
    first, second = (await reel.shown()).video_id, (await reel.shown()).video_id
    assert await positions.get("ben", first) is None
    assert await positions.latest("ben", 10) == []
    assert await positions.put("ben", position(reel, first, 12.5))
    assert await positions.put("cleo", position(reel, first, 30.0))
    reel.clock.advance(timedelta(seconds=5))
    assert await positions.put("ben", position(reel, second, 1.25))
    assert (await positions.get("ben", first)) == Position(
        first, 12.5, 60.0, to_text(reel.clock.now() - timedelta(seconds=5))
    )
    assert [each.video_id for each in await positions.latest("ben", 10)] == [second, first]
    reel.clock.advance(timedelta(seconds=5))
    again = position(reel, first, 7.0)  # what was later is where they are
    assert await positions.put("ben", again)
    assert await positions.latest("ben", 1) == [again]


async def test_two_devices_at_once_leave_one(reel: Reel):
    positions = SqlPositions(reel.database)
    video_id = (await reel.shown()).video_id
    places = [position(reel, video_id, float(at)) for at in range(6, 14)]
    assert all(await asyncio.gather(*(positions.put("ben", each) for each in places)))
    (kept,) = await positions.latest("ben", 10)
    assert kept in places


async def test_it_goes_with_the_video(reel: Reel):
    positions = SqlPositions(reel.database)
    gone, stays = await reel.shown(), await reel.shown()
    for video in (gone, stays):
        assert await positions.put("ben", position(reel, video.video_id, 9.0))
    now = reel.clock.now()
    assert await reel.store.delete(gone, [record(DELETED, gone, now, ADA)], now)
    assert [each.video_id for each in await positions.latest("ben", 10)] == [stays.video_id]
    assert not await positions.put("ben", position(reel, gone.video_id, 10.0))
    assert await positions.get("ben", gone.video_id) is None


async def test_it_goes_with_the_account(reel: Reel):
    positions = SqlPositions(reel.database)
    video_id = (await reel.shown()).video_id
    for who in ("ben", "cleo"):
        assert await positions.put(who, position(reel, video_id, 9.0))
    closed = Change("account.closed", "ben", {}, "Former member", to_text(reel.clock.now()))
    for reaction in CourseReactions(reel.courses, reel.clock).all():
        await reaction.handle(closed)
    assert await positions.get("ben", video_id) is None
    assert await positions.get("cleo", video_id) is not None
