"""What every Files adapter promises, and what DirectoryFiles promises beyond that."""

import asyncio
import errno
import os
import random
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quadrangle
from quadrangle.aws.base.files import S3Files
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.files import FileMissing, Files
from quadrangle.machine.files import DirectoryFiles
from tests.standin.buckets import make_bucket
from tests.standin.server import StandIn

BAD_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "..",
    ".",
    "../secret",
    "a/../b",
    "a/..",
    "./a",
    "a/./b",
    "a//b",
    "a/",
    "a\0b",
    "a b",
    "a\\b",
    "a\n",
    "~a",
    "ä",
    "a%2e",
    "a" * 256,
    "a/" * 600 + "a",
]


@pytest.fixture(params=["directory", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """An empty store of files, once for each kind."""
    if request.param == "directory":
        return DirectoryFiles(tmp_path / "files")
    standin: StandIn = request.getfixturevalue("standin")
    return S3Files(standin.client("s3"), make_bucket(standin))


# Every adapter ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b"x", bytes(range(256)), random.Random(1).randbytes(12_000_000)], ids=len
)
async def test_what_is_written_is_read(files: Files, content: bytes) -> None:
    await files.write("photos/1/2.jpg", content)
    assert await files.read("photos/1/2.jpg") == content


@pytest.mark.parametrize(
    "key", ["a", "A-b_c.d", "a/b/c/d/e/f", "..a", "a..b", "...", ".hidden", "-rf", "a" * 255]
)
async def test_keys_of_all_allowed_shapes(files: Files, key: str) -> None:
    await files.write(key, b"here")
    assert await files.read(key) == b"here"
    await files.delete(key)
    with pytest.raises(FileMissing):
        await files.read(key)


async def test_the_longest_key(files: Files) -> None:
    key = "/".join(["a" * 255] * 4)[:1024]
    await files.write(key, b"here")
    assert await files.read(key) == b"here"


async def test_a_second_write_replaces_the_first(files: Files) -> None:
    await files.write("a/b", b"a long first content")
    await files.write("a/b", b"second")
    assert await files.read("a/b") == b"second"


async def test_keys_are_apart(files: Files) -> None:
    contents = {f"photos/{i % 3}/{i}.jpg": str(i).encode() for i in range(30)}
    for key, content in contents.items():
        await files.write(key, content)
    await files.delete("photos/0/0.jpg")
    del contents["photos/0/0.jpg"]
    assert {key: await files.read(key) for key in contents} == contents


@pytest.mark.parametrize("key", ["missing", "a/missing", "missing/b", "a", "a/b/c"])
async def test_a_missing_file_is_missing(files: Files, key: str) -> None:
    """Also when a file or a folder of the names before or after it is there."""
    await files.write("a/b", b"x")
    with pytest.raises(FileMissing):
        await files.read(key)
    await files.delete(key)
    assert await files.read("a/b") == b"x"


async def test_a_deleted_file_can_be_deleted_and_written_again(files: Files) -> None:
    await files.write("a/b", b"1")
    await files.delete("a/b")
    await files.delete("a/b")
    with pytest.raises(FileMissing):
        await files.read("a/b")
    await files.write("a/b", b"2")
    assert await files.read("a/b") == b"2"


@pytest.mark.parametrize("key", BAD_KEYS)
async def test_a_bad_key_is_a_mistake_of_the_program(files: Files, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        await files.write(key, b"x")
    with pytest.raises(ValueError, match="key"):
        await files.read(key)
    with pytest.raises(ValueError, match="key"):
        await files.delete(key)


async def test_readers_see_whole_files_while_writers_race(files: Files) -> None:
    """Every content repeats one byte, so a mixture or a part would show."""
    size = 300_000
    await files.write("a/raced", bytes(size))

    async def write(byte: int) -> None:
        for _ in range(5):
            await files.write("a/raced", bytes([byte]) * size)

    async def read() -> None:
        for _ in range(40):
            content = await files.read("a/raced")
            assert len(content) == size
            assert len(set(content)) == 1

    await asyncio.gather(*(write(byte) for byte in range(1, 7)), read(), read())


async def test_files_of_one_new_folder_may_be_written_at_once(files: Files) -> None:
    keys = [f"new/{i % 5}/deep/{i}" for i in range(50)]
    await asyncio.gather(*(files.write(key, key.encode()) for key in keys))
    assert [await files.read(key) for key in keys] == [key.encode() for key in keys]


async def test_deleting_and_writing_may_race(files: Files) -> None:
    async def write() -> None:
        for _ in range(20):
            await files.write("a/b", b"whole")

    async def delete() -> None:
        for _ in range(20):
            await files.delete("a/b")

    await asyncio.gather(write(), delete(), write(), delete())
    await files.write("a/b", b"last")
    assert await files.read("a/b") == b"last"


# A bucket ---------------------------------------------------------------------------------------


async def test_a_bucket_that_is_not_there_is_unavailable(standin: StandIn) -> None:
    client = standin.client("s3")
    files = S3Files(client, "there-is-no-such-bucket")
    for verb in (files.write("a", b"x"), files.read("a"), files.delete("a")):
        with pytest.raises(Unavailable):
            await verb


# A directory ------------------------------------------------------------------------------------


def names_below(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def left_overs(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("~*") if each.is_file()]


def test_a_key_is_its_path_and_only_this_user_can_read_it(tmp_path: Path) -> None:
    root = tmp_path / "data" / "files"
    before = os.umask(0)
    try:
        asyncio.run(DirectoryFiles(root).write("photos/1/2.jpg", b"x"))
    finally:
        os.umask(before)
    assert names_below(root) == ["photos/1/2.jpg"]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").rglob("*")}
    modes[tmp_path / "data"] = stat.S_IMODE((tmp_path / "data").stat().st_mode)
    assert set(modes.values()) == {0o700, 0o600}
    assert [path.name for path, mode in modes.items() if mode == 0o600] == ["2.jpg"]


@given(st.text(st.sampled_from("./~a\0\\ é-"), max_size=12))
def test_no_key_leaves_the_root(tmp_path_factory: pytest.TempPathFactory, key: str) -> None:
    outer = tmp_path_factory.mktemp("outer")
    root = outer / "files"
    try:
        asyncio.run(DirectoryFiles(root).write(key, b"x"))
    except ValueError:
        assert not root.exists()
    else:
        assert names_below(root) == [key]
    assert all(each == root for each in outer.iterdir())


async def test_a_root_that_cannot_be_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"x")
    for root in (tmp_path / "taken", tmp_path / "taken" / "files"):
        with pytest.raises(Unavailable):
            await DirectoryFiles(root).write("a/b", b"x")
        with pytest.raises(FileMissing):
            await DirectoryFiles(root).read("a/b")


async def test_a_file_cannot_be_a_folder_too(tmp_path: Path) -> None:
    files = DirectoryFiles(tmp_path / "files")
    await files.write("a/b", b"x")
    for key in ("a", "a/b/c", "a/b/c/d"):
        with pytest.raises(ValueError, match="same name"):
            await files.write(key, b"y")
    assert names_below(tmp_path / "files") == ["a/b"]


async def test_writing_holds_nothing_else_up(tmp_path: Path) -> None:
    """The event loop goes on while a large file is written."""
    files = DirectoryFiles(tmp_path)
    writing = asyncio.create_task(files.write("large", bytes(200_000_000)))
    turns = 0
    while not writing.done():
        await asyncio.sleep(0)
        turns += 1
    await writing
    assert turns > 100


def test_a_caller_who_goes_away_leaves_a_whole_file_or_none(tmp_path: Path) -> None:
    files = DirectoryFiles(tmp_path)
    content = bytes(50_000_000)

    async def go_away() -> None:
        writing = asyncio.create_task(files.write("a", content))
        await asyncio.sleep(0.005)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing

    asyncio.run(go_away())  # which waits for its threads
    assert names_below(tmp_path) in ([], ["a"])
    if names_below(tmp_path):
        assert asyncio.run(files.read("a")) == content


async def test_only_old_left_overs_are_swept(tmp_path: Path) -> None:
    files = DirectoryFiles(tmp_path / "files")
    assert await files.sweep(3600) == 0
    for key in ("a", "b/c", "b/d/e"):
        await files.write(key, b"x")
    hour_ago = time.time() - 3600
    for name, at in (("~old", hour_ago), ("b/~old", hour_ago), ("b/d/~new", time.time())):
        path = tmp_path / "files" / name
        path.write_bytes(b"half")
        os.utime(path, (at, at))
    os.utime(tmp_path / "files" / "a", (hour_ago, hour_ago))

    assert await files.sweep(1800) == 2

    assert names_below(tmp_path / "files") == ["a", "b/c", "b/d/e", "b/d/~new"]
    assert await files.sweep(1800) == 0


def test_a_crash_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    """Writers are killed until one was killed in the middle of a file."""
    script = textwrap.dedent("""
        import asyncio, pathlib, sys
        from quadrangle.machine.files import DirectoryFiles

        async def main():
            files = DirectoryFiles(pathlib.Path(sys.argv[1]))
            while True:
                for byte in b"12":
                    await files.write("a/b", bytes([byte]) * 5_000_000)

        asyncio.run(main())
    """)
    root = tmp_path / "files"
    files = DirectoryFiles(root)
    asyncio.run(files.write("a/b", b"0" * 5_000_000))
    source = str(Path(quadrangle.__file__).parents[1])
    while not left_overs(root):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(root)], env={**os.environ, "PYTHONPATH": source}
        ) as writer:
            while not left_overs(root):
                assert writer.poll() is None
            writer.send_signal(signal.SIGKILL)
        content = asyncio.run(files.read("a/b"))
        assert (len(content), len(set(content))) == (5_000_000, 1)

    assert asyncio.run(files.sweep(3600)) == 0
    assert asyncio.run(files.sweep(-1)) == 1
    assert names_below(root) == ["a/b"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for 1 MB and 12 names."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = "size=1m,nr_inodes=12,mode=0700"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"needs to mount a tmpfs: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


async def test_a_full_disk_loses_nothing_and_heals(small_disk: Path) -> None:
    files = DirectoryFiles(small_disk / "files")
    await files.write("a/old", b"o" * 300_000)
    for _ in range(3):
        with pytest.raises(Unavailable, match="no room") as caught:
            await files.write("a/old", b"n" * 900_000)
        assert isinstance(caught.value.__cause__, OSError)
        assert caught.value.__cause__.errno == errno.ENOSPC
        assert str(small_disk) not in caught.value.message
    assert await files.read("a/old") == b"o" * 300_000
    assert names_below(small_disk) == ["files/a/old"]

    await files.write("a/other", b"x" * 600_000)
    await files.delete("a/other")
    await files.write("a/old", b"n" * 500_000)
    assert await files.read("a/old") == b"n" * 500_000


async def test_no_room_for_names_is_told_as_no_room(small_disk: Path) -> None:
    files = DirectoryFiles(small_disk)
    keys = [f"{i}/file" for i in range(9)]
    results = await asyncio.gather(
        *(files.write(key, b"x") for key in keys), return_exceptions=True
    )
    refused = [result for result in results if result is not None]
    assert refused
    assert all(isinstance(each, Unavailable) and "no room" in each.message for each in refused)
    there = [key for key, result in zip(keys, results, strict=True) if result is None]
    assert names_below(small_disk) == there


def remount_read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


async def test_a_disk_that_refuses_is_unavailable(small_disk: Path) -> None:
    files = DirectoryFiles(small_disk)
    await files.write("a/b", b"x")
    (small_disk / "a" / "~half").write_bytes(b"h")
    remount_read_only(small_disk)
    with pytest.raises(Unavailable):
        await files.write("a/b", b"y")
    with pytest.raises(Unavailable):
        await files.delete("a/b")
    with pytest.raises(Unavailable):
        await files.sweep(-1)
    assert await files.read("a/b") == b"x"
