"""Who waits for whom when many pictures arrive at once."""

import asyncio
from collections.abc import Callable

import pytest
from PIL import Image

from quadrangle.kernel.errors import TooManyRequests, Unavailable
from quadrangle.portable.pictures.costs import cost_of
from quadrangle.portable.pictures.image_processor import ImageProcessor
from quadrangle.portable.pictures.images import Picture
from quadrangle.portable.pictures.turns import PictureQueue, QueueLimits
from tests.portable.pictures.pictures import LIMITS, encoded, noise

DEAR, CHEAP = 50.0, 13.0
Sent = tuple[str, float]


async def order_of(sent: list[Sent], limits: QueueLimits | None = None) -> list[str]:
    """Return whose pictures had their turn one after the other, and for others what they heard."""
    queue, order = PictureQueue(limits or QueueLimits()), []

    async def one(sender: str, cost: float) -> None:
        try:
            async with queue.turn(sender, cost, 1_000_000):
                order.append(sender)
                await asyncio.sleep(0)
        except (Unavailable, TooManyRequests) as error:
            order.append(type(error).__name__)

    await asyncio.gather(*(one(sender, cost) for sender, cost in sent))
    return order


async def test_a_cheap_one_does_not_wait_for_a_heap_of_dear_ones_of_another():
    order = await order_of([("heap", DEAR)] * 15 + [("Bo", CHEAP)])
    assert order.index("Bo") == 1  # after the one that was in work


async def test_everybody_has_a_share_and_nobody_waits_for_ever():
    order = await order_of([("many", CHEAP)] * 40 + [("heap", DEAR)] * 2 + [("Bo", CHEAP)] * 3)
    assert sorted(order) == sorted(["many"] * 40 + ["heap"] * 2 + ["Bo"] * 3)
    assert max(at for at, sender in enumerate(order) if sender == "Bo") <= 7
    assert max(at for at, sender in enumerate(order) if sender == "heap") <= 12


async def test_of_ones_own_pictures_the_first_is_the_first():
    seen: list[int] = []
    queue = PictureQueue(QueueLimits())

    async def one(number: int) -> None:
        async with queue.turn("Bo", CHEAP, 1):
            seen.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(one(number) for number in range(9)))
    assert seen == list(range(9))


async def test_forty_ordinary_photos_at_once_are_all_taken():
    assert await order_of([("campus", CHEAP)] * 40) == ["campus"] * 40


async def test_one_who_has_too_many_leaves_room_for_others():
    limits = QueueLimits(pictures=6, of_one=3)
    order = await order_of([("heap", DEAR)] * 5 + [("Bo", CHEAP)], limits)
    assert order.count("heap") == 3
    assert order.count("TooManyRequests") == 2
    assert "Bo" in order


@pytest.mark.parametrize("limits", [QueueLimits(bytes=2_500_000), QueueLimits(pictures=2)])
async def test_beyond_what_fits_one_is_to_come_again(limits):
    order = await order_of([("a", DEAR), ("b", DEAR), ("c", DEAR)], limits)
    assert sorted(order) == ["Unavailable", "a", "b"]


async def test_who_waits_too_long_is_to_come_again():
    queue = PictureQueue(QueueLimits(seconds=0.05))
    async with queue.turn("heap", DEAR, 1):
        with pytest.raises(Unavailable):
            async with queue.turn("Bo", CHEAP, 1):
                raise AssertionError
    async with queue.turn("Bo", CHEAP, 1):
        pass


async def test_a_turn_of_who_has_gone_goes_to_the_next():
    queue, done = PictureQueue(QueueLimits()), []

    async def one(sender: str) -> None:
        async with queue.turn(sender, CHEAP, 1):
            done.append(sender)

    async with queue.turn("first", CHEAP, 1):
        gone, other = asyncio.create_task(one("gone")), asyncio.create_task(one("other"))
        await asyncio.sleep(0)
    gone.cancel()  # its turn has just come
    await asyncio.gather(gone, other, return_exceptions=True)
    assert done == ["other"]
    await one("later")
    assert done == ["other", "later"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("JPEG", {}), ("WEBP", {}), ("WEBP", {"lossless": True}), ("HEIF", {})],
)
def test_the_cost_is_told_by_the_header(kind: str, options: dict[str, object]):
    import pillow_heif

    pillow_heif.register_heif_opener()
    content = encoded(noise(1600, 500), kind, **options)
    assert cost_of(content, kind, LIMITS.pixels) == pytest.approx(1.8, abs=0.02)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIF"])
def test_what_tells_nothing_is_dear(kind: str):
    assert cost_of(b"", kind, LIMITS.pixels) == 51
    huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 8
    assert cost_of(huge, "PNG", LIMITS.pixels) == 51


def test_an_ordinary_photo_overtakes_huge_ones_of_another() -> None:
    huge = encoded(Image.new("L", (3500, 3500)), "WEBP", lossless=True)
    assert len(huge) < 20_000  # as dear as it is small
    photo = encoded(noise(800, 600), "JPEG")
    order: list[str] = []

    async def session() -> None:
        processor = ImageProcessor()

        def noting(sender: str) -> Callable[[asyncio.Task[Picture]], None]:
            return lambda _: order.append(sender)

        def send(content: bytes, sender: str) -> asyncio.Task[Picture]:
            task = asyncio.create_task(processor.re_encode(content, sender))
            task.add_done_callback(noting(sender))
            return task

        tasks = [send(huge, "192.0.2.1") for _ in range(5)] + [send(photo, "192.0.2.2")]
        results = await asyncio.gather(*tasks)
        assert all(isinstance(result, Picture) for result in results)
        await processor.close()

    asyncio.run(session())
    assert order.index("192.0.2.2") == 1
