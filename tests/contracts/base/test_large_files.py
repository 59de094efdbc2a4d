"""What every LargeFiles adapter promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.files import FileMissing, LargeFiles
from quadrangle.machine.files import DirectoryFiles
from quadrangle.machine.large_files import DirectoryLargeFiles


@pytest.fixture
def files(tmp_path: Path) -> LargeFiles:
    return DirectoryLargeFiles(tmp_path / "files")


async def pieces(*given: bytes | Exception) -> AsyncIterator[bytes]:
    for each in given:
        if isinstance(each, Exception):
            raise each
        yield each


async def content(files: LargeFiles, key: str) -> bytes:
    return b"".join([piece async for piece in files.read(key)])


async def test_what_was_written_in_pieces_is_read(files: LargeFiles):
    assert await files.write("a/b.zip", pieces(b"one", b"", b"two")) == 6
    assert await content(files, "a/b.zip") == b"onetwo"
    large = bytes(3_000_000)
    assert await files.write("a/b.zip", pieces(large)) == len(large)
    assert await content(files, "a/b.zip") == large


async def test_nothing_is_a_file_too(files: LargeFiles):
    assert await files.write("a", pieces()) == 0
    assert await content(files, "a") == b""


async def test_what_breaks_off_leaves_what_was_there(files: LargeFiles, tmp_path: Path):
    await files.write("a", pieces(b"before"))
    with pytest.raises(Unavailable):
        await files.write("a", pieces(b"half", Unavailable()))
    assert await content(files, "a") == b"before"
    assert [path.name for path in (tmp_path / "files").iterdir()] == ["a"]


async def test_what_is_deleted_or_never_was_is_missing(files: LargeFiles):
    await files.write("a", pieces(b"x"))
    await files.delete("a")
    await files.delete("a")
    for key in ("a", "b/c"):
        with pytest.raises(FileMissing):
            await content(files, key)


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../a", "a//b", "~a", "a b"])
async def test_what_is_no_key_is_refused(files: LargeFiles, key: str):
    with pytest.raises(ValueError, match="not a key"):
        await files.write(key, pieces(b"x"))
    with pytest.raises(ValueError, match="not a key"):
        await content(files, key)


async def test_a_directory_has_large_files_among_the_others(tmp_path: Path):
    """So the sweep of one finds what crashes left of both."""
    await DirectoryLargeFiles(tmp_path).write("a/b", pieces(b"x"))
    assert await DirectoryFiles(tmp_path).read("a/b") == b"x"
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o600
