"""The child process that opens pictures: bounded, replaced, and gone with its parent."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import quadrangle
from quadrangle.kernel.errors import InvalidInput
from quadrangle.portable.pictures.image_processor import ChildLimits, ImageProcessor
from quadrangle.portable.pictures.images import ImageLimits, Picture
from tests.portable.pictures.children import child, is_running, refused, use, wait_for_end
from tests.portable.pictures.pictures import GOOD, many_scans

pytestmark = pytest.mark.usefixtures("no_child_is_left")


def test_one_child_starts_with_the_first_picture_and_stays() -> None:
    async def work(processor: ImageProcessor) -> None:
        assert multiprocessing.active_children() == []
        await processor.re_encode(GOOD)
        first = child()
        await processor.re_encode(GOOD)
        assert child() == first

    use(work)


def limits_of(process_id: int) -> dict[str, str]:
    """Return the soft limits by name."""
    lines = Path(f"/proc/{process_id}/limits").read_text().splitlines()
    return {line[:26].strip(): line[26:].split()[0] for line in lines}


def test_the_child_is_bounded() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        found = limits_of(child())
        assert found["Max address space"] == "1500000000"
        assert found["Max core file size"] == "0"
        assert 0 < int(found["Max cpu time"]) < 60

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
