"""Whose turn it is, and what is told of turns."""

import pytest

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.sql.base.database import Database
from quadrangle.videos.model import Pace, Status
from quadrangle.videos.processing.rules import again, failed
from tests.contracts.videos.reel import ADA, BEN, Reel


async def due(database: Database) -> list[int]:
    """Return the videos that have a turn, as the job engine knows them."""

    def work(connection):
        query = "SELECT payload FROM jobs WHERE function = 'video.process' ORDER BY job_id"
        return connection.exec_driver_sql(query).scalars().all()

    return [int(payload.split(":")[1].rstrip("}")) for payload in await database.read(work)]


async def forget_job(database: Database, video_id: int) -> None:
    """Have the job engine be done with a turn."""
    statement = f"DELETE FROM jobs WHERE name = 'video.process:{video_id}'"
    await database.write(lambda c: c.exec_driver_sql(statement))


async def test_owners_take_turns_whoever_came_first(reel: Reel):
    of_ada = [(await reel.uploaded(ADA)).video_id for _ in range(10)]
    of_ben = (await reel.uploaded(BEN)).video_id
    order = []
    while waiting := await due(reel.database):
        (video_id,) = waiting
        order.append(video_id)
        await reel.process(video_id)
        await forget_job(reel.database, video_id)
    assert order == [of_ada[0], of_ben, *of_ada[1:]]


async def test_as_many_have_a_turn_as_there_is_room_for(database: Database, clock):
    reel = Reel(database, clock, slots=2)
    videos = [await reel.uploaded(ADA) for _ in range(3)]
    assert await due(database) == [videos[0].video_id, videos[1].video_id]
    assert await reel.queue.admit(clock.now()) == 0


async def test_a_turn_makes_a_video_ready_and_gives_the_next_its_own(reel: Reel):
    first, second = await reel.uploaded(), await reel.uploaded()
    made = await reel.process(first.video_id)
    assert made.status is Status.READY
    assert made.duration == 60.0
    assert (await reel.get(first.video_id)).details.media is not None
    assert second.video_id in await due(reel.database)
    assert await reel.queue.begin(first.video_id, "2", reel.clock.now()) is None


async def test_what_an_earlier_run_says_is_void(reel: Reel):
    video = await reel.uploaded()
    now = reel.clock.now()
    _, first = await reel.begin(video.video_id, "1", now)
    _, second = await reel.begin(video.video_id, "2", now)
    assert second.tries == 2
    with pytest.raises(Conflict):
        await reel.queue.tell(first, Pace(1, 60), now)
    with pytest.raises(Conflict):
        await reel.queue.end(first, lambda v: failed(v, "No.", now, may_pass=False), now)
    await reel.queue.tell(second, Pace(30, 60, told_at=to_text(now)), now, "r-00000002")
    assert (await reel.get(video.video_id)).details.folder == "r-00000002"
    assert (await reel.store.paces([video.video_id]))[video.video_id].done_s == 30


async def test_an_edit_meanwhile_is_kept(reel: Reel):
    video = await reel.uploaded()
    begun, turn = await reel.begin(video.video_id, "1", reel.clock.now())
    await reel.store.save(reel.changed(begun, title="Edited"), [], reel.clock.now())
    now = reel.clock.now()
    ended = await reel.queue.end(turn, lambda v: failed(v, "No.", now, may_pass=True), now)
    assert (ended.title, ended.status) == ("Edited", Status.FAILED)


async def test_a_deleted_video_has_no_turn_and_whoever_works_on_it_hears_so(reel: Reel):
    video, other = await reel.uploaded(), await reel.uploaded()
    _, turn = await reel.begin(video.video_id, "1", reel.clock.now())
    await reel.store.delete(video, [], reel.clock.now())
    with pytest.raises(Conflict):
        await reel.queue.tell(turn, Pace(1, 60), reel.clock.now())
    assert await due(reel.database) == [other.video_id]
    assert await reel.queue.begin(video.video_id, "2", reel.clock.now()) is None


async def test_a_try_that_will_be_repeated_keeps_the_turn(reel: Reel):
    video = await reel.uploaded()
    now = reel.clock.now()
    _, turn = await reel.begin(video.video_id, "1", now)
    await reel.queue.tell(turn, Pace(1, 60), now, "r-00000001")
    await reel.queue.pause(turn, now)
    waiting = await reel.get(video.video_id)
    assert (waiting.status, waiting.details.folder) == (Status.UPLOADED, "")
    assert await reel.queue.begin(video.video_id, "2", now) is not None


async def test_a_failure_that_may_pass_is_tried_again_when_asked(reel: Reel):
    video = await reel.uploaded()
    now = reel.clock.now()
    _, turn = await reel.begin(video.video_id, "1", now)
    lost = await reel.queue.end(turn, lambda v: failed(v, "Later.", now, may_pass=True), now)
    await forget_job(reel.database, video.video_id)
    retried, changes = again(lost, now, ADA)
    await reel.queue.again(retried, changes, now)
    assert await due(reel.database) == [video.video_id]
    assert await reel.queue.begin(video.video_id, "2", now) is not None


async def test_a_dead_letter_can_be_run_again_by_itself(reel: Reel):
    video = await reel.uploaded()
    now = reel.clock.now()
    _, turn = await reel.begin(video.video_id, "1", now)
    await reel.queue.end(turn, lambda v: failed(v, "Later.", now, may_pass=True), now)
    assert await reel.queue.begin(video.video_id, "2", now) is not None
    _, turn = await reel.begin(video.video_id, "3", now)
    await reel.queue.end(turn, lambda v: failed(v, "Never.", now, may_pass=False), now)
    assert await reel.queue.begin(video.video_id, "4", now) is None


async def test_turns_whose_job_is_no_more_are_lost(reel: Reel):
    video = await reel.uploaded()
    assert await reel.queue.lost() == []
    await forget_job(reel.database, video.video_id)
    ((lost, turn),) = await reel.queue.lost()
    assert lost.video_id == video.video_id
    now = reel.clock.now()
    await reel.queue.end(turn, lambda v: failed(v, "Lost.", now, may_pass=True), now)
    assert await reel.queue.lost() == []
