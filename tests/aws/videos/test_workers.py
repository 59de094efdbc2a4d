"""Workers: calls that come twice, videos given back, tries that fail."""

import asyncio
from datetime import timedelta

import pytest

from quadrangle.aws.videos.instance import NoInstance
from quadrangle.hosts.workers.turns import TurnWorker
from quadrangle.kernel.errors import Unavailable
from quadrangle.videos.jobs import PROCESS, turn_of
from quadrangle.videos.processing.ports import Refusal
from tests.aws.videos.studio import FILM, Programs, Studio, uploaded


class Machine(NoInstance):
    """A machine that is watched, and taken away when `wanted_back`."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.wanted_back = False

    async def protect(self, *, on: bool) -> None:
        self.said.append("protected" if on else "free")

    async def is_wanted_back(self) -> bool:
        return self.wanted_back

    async def drained(self) -> None:
        self.said.append("drained")


class Workshop:
    """A worker of a studio."""

    def __init__(self, studio: Studio, programs: Programs, name: str = "one") -> None:
        self.studio, self.machine = studio, Machine()
        self.cloud = studio.worker(name)
        self.worker = TurnWorker(
            self.cloud, self.cloud.processing(programs).handlers(), self.machine
        )

    async def close(self) -> None:
        await self.cloud.database.close()


async def called(studio: Studio) -> int:
    """Have a video that workers are called for."""
    async with studio.person() as ada:
        video_id = await uploaded(ada, FILM)
    await studio.cloud.call_workers_if_new()
    return video_id


async def status(studio: Studio, video_id: int) -> str:
    video = await studio.cloud.store.get(video_id)
    assert video is not None
    return video.status.value


async def test_its_beginning_is_played_while_the_rest_is_made(studio: Studio) -> None:
    video_id, programs = await called(studio), Programs()
    programs.may_end.clear()
    shop = Workshop(studio, programs)
    working = asyncio.create_task(shop.worker.take_one())
    await asyncio.wait_for(programs.begun.wait(), 30)
    media = [key.rpartition("/")[2] for key in studio.objects() if key.startswith("media/")]
    assert sorted(media) == ["master.m3u8", "v0-1.m4s", "v0.m3u8"]
    async with studio.person() as ada:
        shown = await ada.get(f"/api/stream/{video_id}")
        assert (shown.status_code, shown.json()["partial"]) == (200, True)
    programs.may_end.set()
    assert await working
    await shop.close()
    assert await status(studio, video_id) == "ready"
    assert any(key.endswith("poster.jpg") for key in studio.objects())


async def test_a_machine_is_protected_before_it_asks_and_free_when_nothing_came(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, asked = Workshop(studio, Programs()), []

    async def receive(hidden: timedelta) -> None:
        asked.append(list(shop.machine.said))

    monkeypatch.setattr(shop.cloud.turns, "receive", receive)
    assert not await shop.worker.take_one()
    assert asked == [["protected"]]
    assert shop.machine.said == ["protected", "free"]
    await shop.close()


async def test_a_machine_that_is_wanted_back_gives_its_video_to_another(studio: Studio) -> None:
    video_id, programs = await called(studio), Programs()
    programs.may_end.clear()
    shop = Workshop(studio, programs)
    running = asyncio.create_task(shop.worker.run(asyncio.Event()))
    await asyncio.wait_for(programs.begun.wait(), 30)
    shop.machine.wanted_back = True
    await asyncio.wait_for(running, 30)
    assert shop.machine.said[-1] == "drained"
    await shop.close()

    other = Workshop(studio, Programs(), "two")
    taken = await other.cloud.jobs.take({PROCESS}, turn_of(video_id))
    assert taken is not None
    assert taken.attempt == 1  # what AWS takes back is no attempt
    await other.cloud.jobs.give_back(taken)
    assert await other.worker.take_one()
    await other.close()
    assert await status(studio, video_id) == "ready"
    assert studio.calls() == 0


async def test_a_call_that_comes_twice_finds_nothing_to_do(studio: Studio) -> None:
    video_id = await called(studio)
    await studio.cloud.turns.send([video_id])
    shop = Workshop(studio, Programs())
    assert await shop.worker.take_one()
    assert await shop.worker.take_one()
    await shop.close()
    assert (await status(studio, video_id), studio.calls()) == ("ready", 0)


async def test_what_may_pass_is_tried_again_later_and_its_call_waits(studio: Studio) -> None:
    video_id = await called(studio)
    shop = Workshop(studio, Programs(Unavailable("no memory")))
    assert await shop.worker.take_one()
    wait = await shop.cloud.jobs.wait(turn_of(video_id))
    await shop.close()
    assert wait is not None
    assert wait > timedelta(seconds=2)
    assert (await status(studio, video_id), studio.calls()) == ("uploaded", 1)


async def test_what_is_no_video_is_refused_at_once(studio: Studio) -> None:
    video_id = await called(studio)
    shop = Workshop(studio, Programs(Refusal("This file is not a video.")))
    assert await shop.worker.take_one()
    await shop.close()
    assert (await status(studio, video_id), studio.calls()) == ("failed", 0)
    assert not [key for key in studio.objects() if key.startswith("media/")]


async def test_a_video_deleted_meanwhile_leaves_nothing(studio: Studio) -> None:
    video_id, programs = await called(studio), Programs()
    programs.may_end.clear()
    shop = Workshop(studio, programs)
    working = asyncio.create_task(shop.worker.take_one())
    await asyncio.wait_for(programs.begun.wait(), 30)
    async with studio.person() as ada:
        assert (await ada.delete(f"/api/gallery/videos/{video_id}")).status_code == 200
    assert await asyncio.wait_for(working, 30)
    await shop.close()
    assert (studio.objects(), studio.calls()) == ([], 0)
