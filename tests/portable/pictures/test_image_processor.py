"""Pictures opened in a child process: what comes back, bombs too, and who has to wait."""

import asyncio
import errno
import multiprocessing
import zlib
from collections.abc import Callable

import pytest

from quadrangle.kernel.errors import InvalidInput, TooLarge, Unavailable
from quadrangle.portable.pictures import image_processor
from quadrangle.portable.pictures.image_processor import ChildLimits, ImageProcessor
from quadrangle.portable.pictures.images import ImageLimits, Picture, re_encode
from quadrangle.portable.pictures.turns import QueueLimits
from tests.portable.pictures.children import child, refused, use, wait_for_end
from tests.portable.pictures.pictures import (
    GOOD,
    LIMITS,
    checked,
    corners,
    encoded,
    exif_bomb,
    heic_claiming,
    inflating_to_a_gb,
    many_frames,
    many_scans,
    noise,
    png,
    refusal_of,
)

pytestmark = pytest.mark.usefixtures("no_child_is_left")


def test_the_child_does_what_re_encode_does() -> None:
    async def work(processor: ImageProcessor) -> None:
        for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
            content = encoded(corners(), kind)
            assert await processor.re_encode(content) == re_encode(content, LIMITS)

    use(work)


def test_files_that_are_no_pictures_start_no_child() -> None:
    async def work(processor: ImageProcessor) -> None:
        assert "JPEG, PNG, WebP or HEIC" in await refused(processor, b"GIF89a")
        assert "12 MB" in await refused(processor, GOOD + bytes(12 * 1024 * 1024))
        assert multiprocessing.active_children() == []

    use(work)


def test_refusals_come_back_as_they_are() -> None:
    async def work(processor: ImageProcessor) -> None:
        too_large = png(30_000, 30_000, zlib.compress(bytes(100)))
        assert await refused(processor, too_large) == refusal_of(too_large).message
        assert await refused(processor, GOOD[:300]) == "This picture could not be read."
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work)


@pytest.mark.deep
def test_a_bomb_meets_the_memory_limit() -> None:
    """The size in the header is let through here, so that decoding needs 3.6 GB."""
    bomb = png(30_000, 30_000, inflating_to_a_gb(), colour=6)

    async def work(processor: ImageProcessor) -> None:
        assert await refused(processor, bomb) == "This picture could not be read."
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work, ImageLimits(pixels=10**9, side=10**6))


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(lambda: exif_bomb("JPEG"), id="EXIF in JPEG"),
        pytest.param(lambda: exif_bomb("PNG"), id="EXIF in PNG"),
        pytest.param(lambda: exif_bomb("WEBP"), id="EXIF in WebP"),
        pytest.param(lambda: png(8, 8, inflating_to_a_gb()), id="pixels nobody asked for"),
        pytest.param(lambda: many_scans(8000, 6000, 80), id="scans within limits"),
        pytest.param(lambda: many_frames("PNG"), id="frames of a PNG"),
        pytest.param(lambda: many_frames("WEBP"), id="frames of a WebP"),
        pytest.param(
            lambda: heic_claiming(encoded(noise(1500, 1000), "HEIF"), 8, 8), id="HEIC says small"
        ),
    ],
)
@pytest.mark.deep
def test_bombs_are_read_or_refused_and_the_next_picture_is_read(
    bomb: Callable[[], bytes],
) -> None:
    content = bomb()

    async def work(processor: ImageProcessor) -> None:
        try:
            await processor.re_encode(content)
        except (InvalidInput, TooLarge) as error:
            checked(error)
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work)


def test_more_callers_than_allowed_are_asked_to_come_again() -> None:
    async def work(processor: ImageProcessor) -> None:
        pictures = [asyncio.create_task(processor.re_encode(GOOD)) for _ in range(5)]
        results = await asyncio.gather(*pictures, return_exceptions=True)
        assert [type(result) for result in results] == [Picture] * 3 + [Unavailable] * 2
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work, queue_limits=QueueLimits(pictures=3))


def test_a_child_that_cannot_start_is_nothing_the_picture_did() -> None:
    async def work(processor: ImageProcessor) -> None:
        for _ in range(2):
            with pytest.raises(Unavailable):
                await processor.re_encode(GOOD)

    use(work, child_limits=ChildLimits(memory_bytes=1_000_000))


def test_closing_waits_for_the_picture_in_work_and_turns_away_the_rest() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        process_id = child()
        first = asyncio.create_task(processor.re_encode(GOOD))
        second = asyncio.create_task(processor.re_encode(GOOD))
        await asyncio.sleep(0)
        await processor.close()
        assert isinstance(await first, Picture)
        with pytest.raises(Unavailable):
            await second
        wait_for_end(process_id)
        with pytest.raises(Unavailable):
            await processor.re_encode(GOOD)
        await processor.close()

    use(work)


def test_a_pool_that_cannot_be_made_is_told_and_made_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_more_files(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    async def work(processor: ImageProcessor) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(image_processor, "ProcessPoolExecutor", no_more_files)
            with pytest.raises(Unavailable, match="Pictures cannot be taken in"):
                await processor.re_encode(GOOD)
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work)
