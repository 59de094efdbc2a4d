"""The list of what staff took down, on every store."""

from datetime import timedelta

import msgspec

from quadrangle.kernel.principal import Principal, Role
from quadrangle.sql.videos.taken_down import SqlTakenDownLog
from quadrangle.videos.model import TakenDown, Video, Visibility
from quadrangle.videos.rules import VideoEdit, edited
from quadrangle.videos.taking_down.rules import given_back, hidden
from tests.contracts.videos.reel import ADA, Reel

STAFF = Principal("Dee", Role.STAFF, "dee")


async def taken_down(reel: Reel, *, title: str = "Rotation") -> Video:
    video = await reel.shown(title=title, visibility=Visibility.PUBLIC)
    reel.clock.advance(timedelta(minutes=1))
    down, _ = hidden(video, "It names a patient.", reel.clock.now(), STAFF)
    await reel.store.save(down, [], reel.clock.now())
    return down


async def test_what_is_down_is_listed_the_latest_first(reel: Reel):
    log = SqlTakenDownLog(reel.database)
    await reel.shown(visibility=Visibility.PRIVATE)
    await reel.shown(title='"taken_down":{', description='"taken_down":{"reason":""}')
    assert await log.taken_down(10) == ([], 0)
    first, second, third = [await taken_down(reel) for _ in range(3)]
    found, total = await log.taken_down(10)
    assert (found, total) == ([third, second, first], 3)
    assert await log.taken_down(2) == ([third, second], 3)
    # what happens to one later is not when it was taken down
    reel.clock.advance(timedelta(minutes=1))
    renamed, _ = edited(first, VideoEdit(title="Statics"), reel.clock.now(), ADA)
    await reel.store.save(renamed, [], reel.clock.now())
    back, _ = given_back(third, reel.clock.now(), STAFF)
    await reel.store.save(back, [], reel.clock.now())
    assert await log.taken_down(10) == ([second, renamed], 2)


async def test_what_an_earlier_release_took_down_is_listed_by_its_last_change(reel: Reel):
    log = SqlTakenDownLog(reel.database)
    recent = await taken_down(reel)
    video = await reel.shown()
    reel.clock.advance(timedelta(minutes=1))
    down, _ = hidden(video, "", reel.clock.now(), STAFF)
    old = TakenDown(reason="No consent.", visibility=Visibility.CAMPUS)
    details = msgspec.structs.replace(down.details, taken_down=old)
    await reel.store.save(msgspec.structs.replace(down, details=details), [], reel.clock.now())
    found, total = await log.taken_down(10)
    assert ([each.video_id for each in found], total) == ([video.video_id, recent.video_id], 2)
