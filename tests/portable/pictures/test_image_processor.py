"""The child process that opens pictures: bounded, replaced, and gone with its parent."""

import asyncio
import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

import quadrangle
from quadrangle.kernel.errors import InvalidInput, TooLarge, Unavailable
from quadrangle.portable.pictures import image_processor
from quadrangle.portable.pictures.image_processor import ChildLimits, ImageProcessor
from quadrangle.portable.pictures.images import ImageLimits, Picture, re_encode
from quadrangle.portable.pictures.turns import QueueLimits
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

Use = Callable[[ImageProcessor], Awaitable[None]]


@pytest.fixture(autouse=True)
def no_child_is_left() -> Iterator[None]:
    yield
    for process in multiprocessing.active_children():
        assert process.pid is not None
        wait_for_end(process.pid)


def use(
    work: Use,
    limits: ImageLimits | None = None,
    child_limits: ChildLimits | None = None,
    queue_limits: QueueLimits | None = None,
) -> None:
    async def session() -> None:
        processor = ImageProcessor(limits, child_limits, queue_limits)
        try:
            await work(processor)
        finally:
            await processor.close()

    asyncio.run(session())


def child() -> int:
    """Return the id of the one child process there is."""
    ids = [each.pid for each in multiprocessing.active_children() if each.pid]
    (running,) = [each for each in ids if is_running(each)]
    return running


async def refused(processor: ImageProcessor, content: bytes) -> str:
    with pytest.raises((InvalidInput, TooLarge)) as caught:
        await processor.re_encode(content)
    return checked(caught.value).message


def wait_for_end(process_id: int) -> None:
    """Wait until there is no such process; two minutes are for a machine under load."""
    last = time.monotonic() + 120
    while is_running(process_id):
        assert time.monotonic() < last, f"process {process_id} is still running"
        time.sleep(0.01)


def limits_of(process_id: int) -> dict[str, str]:
    """Return the soft limits by name."""
    lines = Path(f"/proc/{process_id}/limits").read_text().splitlines()
    return {line[:26].strip(): line[26:].split()[0] for line in lines}


def is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_the_child_does_what_re_encode_does() -> None:
    async def work(processor: ImageProcessor) -> None:
        for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
            content = encoded(corners(), kind)
            assert await processor.re_encode(content) == re_encode(content, LIMITS)

    use(work)


def test_one_child_starts_with_the_first_picture_and_stays() -> None:
    async def work(processor: ImageProcessor) -> None:
        assert multiprocessing.active_children() == []
        await processor.re_encode(GOOD)
        first = child()
        await processor.re_encode(GOOD)
        assert child() == first

    use(work)


def test_files_that_are_no_pictures_start_no_child() -> None:
    async def work(processor: ImageProcessor) -> None:
        assert "JPEG, PNG, WebP or HEIC" in await refused(processor, b"GIF89a")
        assert "12 MB" in await refused(processor, GOOD + bytes(12 * 1024 * 1024))
        assert multiprocessing.active_children() == []

    use(work)


def test_the_child_is_bounded() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        found = limits_of(child())
        assert found["Max address space"] == "1500000000"
        assert found["Max core file size"] == "0"
        assert 0 < int(found["Max cpu time"]) < 60

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


def test_a_child_that_is_killed_at_work_fails_its_picture_only() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        killed = child()
        os.kill(killed, signal.SIGSTOP)
        pictures = [asyncio.create_task(processor.re_encode(GOOD)) for _ in range(3)]
        await asyncio.sleep(0.2)
        os.kill(killed, signal.SIGKILL)
        first, *others = await asyncio.gather(*pictures, return_exceptions=True)
        assert isinstance(first, InvalidInput)
        assert first.message == "This picture could not be read."
        assert all(isinstance(other, Picture) for other in others)

    use(work)


def test_a_child_that_ended_while_idle_is_replaced_unnoticed() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        ended = child()
        os.kill(ended, signal.SIGKILL)
        wait_for_end(ended)
        assert isinstance(await processor.re_encode(GOOD), Picture)
        assert child() != ended

    use(work)


def test_a_child_that_takes_too_long_is_ended() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        stuck = child()
        os.kill(stuck, signal.SIGSTOP)
        assert await refused(processor, GOOD) == "This picture could not be read."
        wait_for_end(stuck)
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work, child_limits=ChildLimits(seconds=5))


@pytest.mark.deep
def test_processor_time_is_bounded_even_when_the_parent_is_stuck() -> None:
    slow = many_scans(16_000, 12_000, 80)

    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        busy = child()
        picture = asyncio.create_task(processor.re_encode(slow))
        await asyncio.sleep(0.2)  # it is handed over
        wait_for_end(busy)  # and from here the event loop stands still
        with pytest.raises(InvalidInput):
            await picture

    use(work, ImageLimits(pixels=200_000_000), ChildLimits(seconds=1))


def test_a_caller_who_goes_away_leaves_no_child_at_work() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        stuck = child()
        os.kill(stuck, signal.SIGSTOP)
        picture = asyncio.create_task(processor.re_encode(GOOD))
        await asyncio.sleep(0.2)
        picture.cancel()
        with pytest.raises(asyncio.CancelledError):
            await picture
        wait_for_end(stuck)
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work)


def test_a_child_is_replaced_after_its_share_of_pictures() -> None:
    async def work(processor: ImageProcessor) -> None:
        children = set()
        for _ in range(5):
            await processor.re_encode(GOOD)
            children.add(child())
        assert len(children) == 3

    use(work, child_limits=ChildLimits(pictures=2))


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


def test_signals_to_the_group_are_left_to_the_parent() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        os.kill(child(), signal.SIGTERM)
        os.kill(child(), signal.SIGINT)
        before = child()
        assert isinstance(await processor.re_encode(GOOD), Picture)
        assert child() == before

    use(work)


def run_script(script: str, folder: Path) -> "subprocess.Popen[str]":
    """Start a Python program of its own: a main module with a guard, as servers have."""
    file = folder / "server.py"
    file.write_text(textwrap.dedent(script))
    source = str(Path(quadrangle.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, str(file)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )


def test_the_server_never_imports_the_decoders(tmp_path: Path) -> None:
    (tmp_path / "good.jpg").write_bytes(GOOD)
    script = """
        import asyncio, pathlib, sys
        from quadrangle.portable.pictures.image_processor import ImageProcessor

        async def main():
            processor = ImageProcessor()
            content = pathlib.Path(__file__).with_name("good.jpg").read_bytes()
            picture = await processor.re_encode(content)
            await processor.close()
            print(picture.width, sorted({name.split(".")[0] for name in sys.modules}))

        if __name__ == "__main__":
            asyncio.run(main())
    """
    output, _ = run_script(script, tmp_path).communicate()
    assert output.startswith("120 ")
    assert "'msgspec'" in output
    assert "'PIL'" not in output
    assert "pillow_heif'" not in output


@pytest.mark.parametrize("state", ["idle", "at work"])
def test_no_child_outlives_a_parent_that_is_killed(tmp_path: Path, state: str) -> None:
    (tmp_path / "good.jpg").write_bytes(GOOD)
    (tmp_path / "slow.jpg").write_bytes(many_scans(8000, 6000, 80))
    script = """
        import asyncio, multiprocessing, pathlib
        from quadrangle.portable.pictures.image_processor import ImageProcessor

        async def main():
            processor = ImageProcessor()
            here = pathlib.Path(__file__).parent
            await processor.re_encode((here / "good.jpg").read_bytes())
            slow = asyncio.create_task(processor.re_encode((here / "slow.jpg").read_bytes()))
            if STATE == "idle":
                slow.cancel()
                await asyncio.sleep(0)
                await processor.re_encode((here / "good.jpg").read_bytes())
            else:
                await asyncio.sleep(0.5)
            print(multiprocessing.active_children()[0].pid, flush=True)
            await asyncio.sleep(1000)

        if __name__ == "__main__":
            asyncio.run(main())
    """
    parent = run_script(f"STATE = {state!r}\n" + textwrap.dedent(script), tmp_path)
    assert parent.stdout is not None
    process_id = int(parent.stdout.readline())
    assert is_running(process_id)
    parent.kill()
    parent.communicate()
    wait_for_end(process_id)
