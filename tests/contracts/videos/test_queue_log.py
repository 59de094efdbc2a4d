"""What staff sees of the queue is what the queue does."""

import pytest

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.sql.videos.queue_log import SqlQueueLog
from quadrangle.videos.model import Pace, Status
from quadrangle.videos.oversight.oversight import Oversight
from quadrangle.videos.processing.rules import failed
from tests.contracts.videos.reel import ADA, BEN, Reel

CLEO, STAFF = Principal("cleo", Role.TEACHER, "cleo"), Principal("Dee", Role.STAFF, "dee")


@pytest.fixture
def oversight(reel: Reel) -> Oversight:
    log = SqlQueueLog(reel.database)
    return Oversight(log, reel.store, reel.queue, 1, reel.clock)


async def fail(reel: Reel, video_id: int, *, may_pass: bool) -> None:
    begun = await reel.queue.begin(video_id, "0f", reel.clock.now())
    assert begun is not None
    now = reel.clock.now()
    await reel.queue.end(begun[1], lambda v: failed(v, "No room.", now, may_pass=may_pass), now)


async def test_the_order_that_is_told_is_the_order_of_turns(reel: Reel, oversight: Oversight):
    for owner in (ADA, ADA, ADA, BEN, BEN, CLEO):
        await reel.uploaded(owner)
    seen = await oversight.look(STAFF)
    (first,) = seen.running
    told = [first.video.video_id, *(each.video.video_id for each in seen.waiting)]
    assert (seen.slots, seen.waiting_total) == (1, 5)
    order = []
    while running := (await oversight.look(STAFF)).running:
        order.append(running[0].video.video_id)
        await reel.process(order[-1])
    assert order == told


async def test_what_runs_tells_how_far_it_is(reel: Reel, oversight: Oversight):
    video_id = (await reel.uploaded()).video_id
    begun = await reel.queue.begin(video_id, "01", reel.clock.now())
    assert begun is not None
    now = to_text(reel.clock.now())
    await reel.queue.tell(begun[1], Pace(3.0, 60.0, now, now), reel.clock.now())
    (seen,) = (await oversight.look(STAFF)).running
    assert (seen.since, seen.tries, seen.pace.done_s, seen.again_at) == (now, 1, 3.0, None)


async def test_failed_ones_are_tried_again_one_by_one_or_all_that_may_pass(
    reel: Reel, oversight: Oversight
):
    videos = [(await reel.uploaded()).video_id for _ in range(3)]
    for number, video_id in enumerate(videos):
        await fail(reel, video_id, may_pass=number > 0)
    seen = await oversight.look(STAFF)
    assert [each.video.video_id for each in seen.failed] == videos[::-1]
    assert seen.failed[0].video.details.failure == "No room."
    assert await oversight.retry_all(STAFF) == 2
    assert await oversight.retry_all(STAFF) == 0
    await oversight.retry(videos[0], STAFF)
    with pytest.raises(Conflict):
        await oversight.retry(videos[0], STAFF)
    with pytest.raises(NotFound):
        await oversight.retry(999, STAFF)
    assert (await oversight.look(STAFF)).failed == ()
    assert (await reel.get(videos[0])).status is Status.UPLOADED


async def test_it_is_for_staff_which_does_not_read_what_is_private(
    reel: Reel, oversight: Oversight
):
    video = await reel.uploaded()
    for who, refused in ((ANYONE, NotSignedIn), (ADA, Forbidden)):
        for call in (oversight.look, oversight.retry_all):
            with pytest.raises(refused):
                await call(who)
        with pytest.raises(refused):
            await oversight.retry(video.video_id, who)
    assert not oversight.may_read(video, STAFF)
