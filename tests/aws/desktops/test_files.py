"""Files go to machines and come back by addresses that are signed for each."""

import secrets
import urllib.error
import urllib.request

import msgspec
import pytest

from quadrangle.aws.desktops import files as module
from quadrangle.aws.desktops.files import S3DesktopFiles
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, TooLarge
from quadrangle.meetings.desktops.model import Machine, MachineState
from tests.aws.desktops.test_cloudflare import MACHINE
from tests.standin.server import REGION, StandIn


class Known:
    """Stands for the provider: says what runs."""

    def __init__(self) -> None:
        self.machines = {MACHINE.machine_id: MACHINE}

    async def look_up(self, machine_ids: list[str]) -> dict[str, Machine]:
        return {each: self.machines[each] for each in machine_ids if each in self.machines}

    def end(self) -> None:
        gone = msgspec.structs.replace(MACHINE, state=MachineState.GONE)
        self.machines[MACHINE.machine_id] = gone


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
def files(standin: StandIn, known: Known) -> S3DesktopFiles:
    s3, bucket = standin.client("s3"), f"t{secrets.token_hex(6)}"
    here = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=here)
    return S3DesktopFiles(s3, bucket, known)  # pyright: ignore[reportArgumentType]


async def content(files: S3DesktopFiles) -> bytes:
    return b"".join([part async for part in files.take_home(MACHINE.machine_id)])


def fetched(url: str, body: bytes | None = None, method: str = "GET") -> bytes:
    request = urllib.request.Request(url, body, method=method)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read()


async def test_what_is_put_is_fetched_by_the_machine_alone(files: S3DesktopFiles):
    for name in ("Blatt 1 (ü).pdf", "notes.txt"):
        await files.put_file(MACHINE.machine_id, name, name.encode())
    given = {each.name: each.url for each in await files.given(MACHINE.machine_id)}
    assert set(given) == {"Blatt 1 (ü).pdf", "notes.txt"}
    for name, url in given.items():
        assert fetched(url) == name.encode()
        with pytest.raises(urllib.error.HTTPError):
            fetched(url, b"other", "PUT")
    assert await files.given("i-other") == []


async def test_what_the_machine_sends_is_taken_home(files: S3DesktopFiles, known: Known):
    assert await content(files) == b""
    first = await files.for_take_home(MACHINE, 5)
    assert first is not None
    assert "content-length" in first.lower()  # the size is signed too
    fetched(first, b"first", "PUT")
    assert await content(files) == b"first"
    again = await files.for_take_home(MACHINE, 6)
    assert again is not None
    fetched(again, b"second", "PUT")
    assert await content(files) == b"second"
    assert await files.list_kept() == []
    known.end()
    (kept,) = await files.list_kept()
    expected = {"address": None, "state": MachineState.GONE}
    assert kept == msgspec.structs.replace(MACHINE, **expected)
    known.machines.clear()  # EC2 has forgotten it
    assert await files.list_kept() == [kept]
    assert await content(files) == b"second"


async def test_what_is_forgotten_is_gone(files: S3DesktopFiles, known: Known):
    await files.put_file(MACHINE.machine_id, "notes.txt", b"x")
    address = await files.for_take_home(MACHINE, 1)
    assert address is not None
    fetched(address, b"x", "PUT")
    with pytest.raises(Conflict):
        await files.forget(MACHINE.machine_id)
    known.end()
    await files.forget(MACHINE.machine_id)
    await files.forget(MACHINE.machine_id)
    assert await files.list_kept() == []
    assert await files.given(MACHINE.machine_id) == []
    with pytest.raises(NotFound):
        await content(files)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\0b", "a\n", "ü" * 200])
async def test_what_is_no_name_is_refused(files: S3DesktopFiles, name: str):
    with pytest.raises(InvalidInput):
        await files.put_file(MACHINE.machine_id, name, b"x")


async def test_bounds(files: S3DesktopFiles, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "FILES", 3)
    monkeypatch.setattr(module, "TAKE_HOME", 3)
    with pytest.raises(TooLarge):
        await files.put_file(MACHINE.machine_id, "a", b"1234")
    assert await files.for_take_home(MACHINE, 4) is None
    with pytest.raises(NotFound):
        await files.put_file("i-other", "a", b"1")
