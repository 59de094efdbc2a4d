"""What every LargeFiles adapter promises."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quadrangle.aws.base.large_files import PART, S3LargeFiles
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.files import FileMissing, LargeFiles
from quadrangle.machine.files import DirectoryFiles
from quadrangle.machine.large_files import DirectoryLargeFiles
from tests.standin.server import REGION, StandIn


@pytest.fixture(params=["directory", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> LargeFiles:
    if request.param == "directory":
        return DirectoryLargeFiles(tmp_path / "files")
    standin: StandIn = request.getfixturevalue("standin")
    bucket = request.getfixturevalue("plain_bucket")
    return S3LargeFiles(standin.client("s3"), bucket)


@pytest.fixture
def plain_bucket(standin: StandIn) -> str:
    name = f"t{secrets.token_hex(6)}"
    where = {"LocationConstraint": REGION}
    standin.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=where)
    return name


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


async def test_what_breaks_off_leaves_what_was_there(files: LargeFiles):
    await files.write("a", pieces(b"before"))
    with pytest.raises(Unavailable):
        await files.write("a", pieces(b"half", Unavailable()))
    assert await content(files, "a") == b"before"


async def test_what_breaks_off_leaves_nothing_behind(
    tmp_path: Path, standin: StandIn, plain_bucket: str
):
    s3 = standin.client("s3")
    for files in (DirectoryLargeFiles(tmp_path / "files"), S3LargeFiles(s3, plain_bucket)):
        with pytest.raises(Unavailable):
            await files.write("a", pieces(bytes(PART), b"half", Unavailable()))
    assert list((tmp_path / "files").iterdir()) == []
    assert s3.list_multipart_uploads(Bucket=plain_bucket).get("Uploads", []) == []


async def test_what_is_longer_than_a_part_is_whole(files: LargeFiles):
    large = secrets.token_bytes(1024) * (2 * PART // 1024) + b"and more"
    assert await files.write("a", pieces(large[:100], large[100:])) == len(large)
    assert await content(files, "a") == large


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
