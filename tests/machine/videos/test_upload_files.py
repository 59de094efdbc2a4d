"""Bytes of uploads in files: what counts after a kill, and who may write."""

import asyncio
import time
from pathlib import Path

import pytest

from quadrangle.kernel.errors import NotFound, Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.machine.videos.upload_files import DirectoryUploads


@pytest.fixture
def files(tmp_path: Path) -> DirectoryUploads:
    return DirectoryUploads(tmp_path / "videos")


async def test_what_was_kept_is_there_and_the_file_says_how_much(files: DirectoryUploads):
    key = new_id()
    await files.make(key, 10)
    async with files.lock(key) as writing:
        await writing.write(b"12345")
        await writing.keep()
        assert writing.offset == 5
    assert await files.size(key) == 5


async def test_what_was_held_and_not_kept_is_gone(files: DirectoryUploads):
    key = new_id()
    await files.make(key, 10)
    async with files.lock(key) as writing:
        await writing.write(b"123")
        await writing.keep()
        await writing.hold()
        await writing.write(b"wrong")
        assert await files.size(key) == 3
    async with files.lock(key) as writing:
        assert writing.offset == 3


async def test_after_a_kill_what_was_held_is_cut_off(files: DirectoryUploads, tmp_path: Path):
    key = new_id()
    await files.make(key, 10)
    folder = tmp_path / "videos" / key
    (folder / "original").write_bytes(b"123wrong")
    (folder / "held").write_text("3")
    assert await files.size(key) == 3
    async with files.lock(key) as writing:
        assert writing.offset == 3
        await writing.write(b"right")
        await writing.keep()
    assert (folder / "original").read_bytes() == b"123right"
    assert not (folder / "held").exists()


async def test_who_waits_makes_the_holder_hear_of_it_within_a_second(files: DirectoryUploads):
    key = new_id()
    await files.make(key, 10)
    held = asyncio.Event()

    async def hold() -> None:
        async with files.lock(key) as writing:
            held.set()
            for _ in range(1000):
                if writing.wanted():
                    return
                await asyncio.sleep(0.01)
            raise AssertionError("nobody knocked")

    holding = asyncio.create_task(hold())
    await held.wait()
    began = time.monotonic()
    async with files.lock(key) as writing:
        assert not writing.wanted()
    assert time.monotonic() - began < 1
    await holding


async def test_files_that_are_not_there(files: DirectoryUploads):
    with pytest.raises(NotFound):
        async with files.lock(new_id()):
            pass
    assert await files.size(new_id()) == 0
    await files.remove(new_id())
    with pytest.raises(ValueError, match="not a key"):
        await files.size("../../etc")


async def test_a_disk_without_room_refuses_before_anything_is_sent(tmp_path: Path):
    files = DirectoryUploads(tmp_path / "videos")
    with pytest.raises(Unavailable, match="no room"):
        await files.make(new_id(), 2**60)
