"""Pictures re-encoded over pipes, as where there is no pool of processes."""

import os
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

import quadrangle
from quadrangle.kernel.errors import InvalidInput, TooLarge, Unavailable
from quadrangle.portable.pictures.image_command import ImageCommand
from quadrangle.portable.pictures.images import ImageLimits
from quadrangle.portable.pictures.picture_child import ChildLimits
from tests.portable.pictures.pictures import (
    GOOD,
    assert_bare,
    assert_corners,
    corners,
    encoded,
    inflating_to_a_gb,
    many_scans,
    png,
)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
async def test_a_good_picture_comes_back(kind: str):
    picture = await ImageCommand().re_encode(encoded(corners(), kind))
    assert (picture.width, picture.height, picture.mime) == (120, 80, "image/jpeg")
    for content in (picture.content, picture.thumbnail):
        assert_corners(content)
        assert_bare(content)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: b"", InvalidInput),
        (lambda: b"not a picture", InvalidInput),
        (lambda: GOOD[:300], InvalidInput),
        (lambda: GOOD + bytes(12 * 1024 * 1024), TooLarge),
        (lambda: png(60_000, 60_000, zlib.compress(bytes(1000))), TooLarge),
        (lambda: png(60, 60, inflating_to_a_gb()), None),
    ],
    ids=["empty", "text", "cut", "bytes", "pixels", "inflating"],
)
async def test_a_bad_picture_is_refused(make: Callable[[], bytes], error: type[Exception] | None):
    try:
        picture = await ImageCommand().re_encode(make())
    except (InvalidInput, TooLarge) as refusal:
        assert error is None or isinstance(refusal, error)
        assert refusal.message.endswith(".")
    else:
        assert error is None
        assert (picture.width, picture.height) == (60, 60)


@pytest.mark.deep
async def test_a_picture_that_takes_too_long_is_refused():
    slow = many_scans(16_000, 12_000, 80)
    limits = ImageLimits(pixels=200_000_000)
    with pytest.raises(InvalidInput, match="could not be read"):
        await ImageCommand(limits, ChildLimits(seconds=1)).re_encode(slow)


@pytest.mark.deep
async def test_a_picture_that_takes_too_much_memory_is_refused():
    large = encoded(corners(16_000, 12_000), "PNG")
    limits = ImageLimits(pixels=200_000_000)
    with pytest.raises(InvalidInput, match="could not be read"):
        await ImageCommand(limits, ChildLimits(memory_bytes=300_000_000)).re_encode(large)


async def test_a_child_that_cannot_start_is_nothing_the_picture_did():
    with pytest.raises(Unavailable):
        await ImageCommand(child_limits=ChildLimits(memory_bytes=1_000_000)).re_encode(GOOD)


def test_it_needs_no_shared_memory(tmp_path: Path):
    """In a mount namespace whose /dev/shm takes nothing, as a function of Lambda has none."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
        import asyncio, multiprocessing
        from quadrangle.portable.pictures.image_command import ImageCommand
        try:
            multiprocessing.get_context("spawn").Lock()
        except OSError:
            picture = asyncio.run(ImageCommand().re_encode({GOOD!r}))
            print(picture.width)
        """)
    )
    without_shm = 'mount --bind -o ro "$1" /dev/shm && exec "$2" "$3"'
    run = subprocess.run(
        ["unshare", "-m", "sh", "-c", without_shm, "sh", tmp_path, sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(Path(quadrangle.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in run.stderr or "mount" in run.stderr:
        pytest.skip(f"needs a mount namespace: {run.stderr.strip()}")
    assert (run.stdout, run.stderr) == ("120\n", "")
