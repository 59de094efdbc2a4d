"""Files made for the one who asks: whole in his hands, however long, on both wings."""

import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from litestar import Response, get
from litestar.testing import TestClient, create_test_client

from quadrangle.aws.base.exports import LINK_LIFE_S, S3Exports
from quadrangle.hosts.lambdas.base.downloads import ANSWERED, PATIENCE, StoredDownloads
from quadrangle.http.answers.csv_files import csv_pieces
from quadrangle.http.answers.downloads import Downloads, StreamedDownloads
from quadrangle.http.answers.errors import EXCEPTION_HANDLERS
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from tests.standin.buckets import make_bucket
from tests.standin.server import StandIn

NAME = "list-2027-01-31.csv"
Pieces = AsyncIterator[str]
# What JSON writes in six characters, and what is more than one byte.
ROW = 'a\u0001"z" üñ 🎓\r\n'
LONG = -(-ANSWERED // len(ROW.encode())) + 1


async def rows(count: int) -> Pieces:
    yield "\ufeffcolumn\r\n"
    for _ in range(count):
        yield ROW


def text_of(count: int) -> str:
    return "\ufeffcolumn\r\n" + ROW * count


class File(msgspec.Struct):
    """What a person has after asking."""

    content: str
    headers: dict[str, str]


@pytest.fixture
def bucket(standin: StandIn) -> str:
    return make_bucket(standin)


@pytest.fixture
def stored(standin: StandIn, bucket: str, clock: ManualClock) -> StoredDownloads:
    return StoredDownloads(S3Exports(standin.client("s3"), bucket), clock)


@pytest.fixture(params=["streamed", "stored"])
def downloads(request: pytest.FixtureRequest) -> Downloads:
    if request.param == "streamed":
        return StreamedDownloads()
    return request.getfixturevalue("stored")


def served(downloads: Downloads, pieces: Pieces) -> TestClient[Any]:
    @get("/")
    async def route() -> Response[Any]:
        return await downloads.answer(NAME, pieces)

    return create_test_client(route, exception_handlers=EXCEPTION_HANDLERS)


def asked(downloads: Downloads, pieces: Pieces) -> tuple[int, dict[str, str], str]:
    with served(downloads, pieces) as client:
        answer = client.get("/", follow_redirects=False)
    return answer.status_code, dict(answer.headers), answer.text


def fetched(downloads: Downloads, pieces: Pieces) -> File:
    """Ask as a browser does, which goes where it is sent."""
    status, headers, text = asked(downloads, pieces)
    if status != 302:
        assert status == 200, text
        return File(text, headers)
    assert headers["cache-control"] == "no-store"
    with urllib.request.urlopen(headers["location"], timeout=30) as answer:
        found = {name.lower(): value for name, value in answer.headers.items()}
        return File(answer.read().decode(), found)


@pytest.mark.parametrize("count", [0, 1, LONG, 12 * LONG])
def test_a_file_arrives_whole_under_its_name(downloads: Downloads, count: int):
    file = fetched(downloads, rows(count))
    assert file.content == text_of(count)
    assert file.headers["content-disposition"] == f'attachment; filename="{NAME}"'
    assert file.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.fixture
def kept(standin: StandIn, bucket: str) -> Callable[[], Any]:
    return lambda: standin.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])


def test_a_short_file_is_answered_at_once_and_kept_nowhere(
    stored: StoredDownloads, kept: Callable[[], Any]
):
    status, headers, text = asked(stored, rows(1))
    assert (status, text) == (200, text_of(1))
    assert headers["cache-control"] == "no-store"
    assert kept() == []


def test_what_is_answered_fits_into_a_functions_answer(stored: StoredDownloads):
    async def worst(count: int) -> Pieces:
        yield "\u0001" * count

    status, _, text = asked(stored, worst(ANSWERED))
    assert status == 200
    assert len(json.dumps(text)) < 6_291_556
    assert asked(stored, worst(ANSWERED + 1))[0] == 302


def test_two_files_have_addresses_of_their_own(stored: StoredDownloads, kept: Callable[[], Any]):
    addresses = {asked(stored, rows(LONG))[1]["location"].partition("?")[0] for _ in range(2)}
    assert len(addresses) == 2
    assert all(entry["Key"].startswith("exports/") for entry in kept())


# The stand-in answers requests without any signature; what S3 does then is in the bucket's policy.
@pytest.mark.parametrize("harm", ["signature", "other"])
def test_an_address_that_was_made_up_opens_nothing(stored: StoredDownloads, harm: str):
    address = asked(stored, rows(LONG))[1]["location"]
    path, _, query = address.partition("?")
    changed = {
        "signature": address[:-4] + ("aaaa" if address[-4:] != "aaaa" else "bbbb"),
        "other": f"{path[:-1]}{'0' if path[-1] != '0' else '1'}?{query}",
    }[harm]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(changed, timeout=30)
    assert refused.value.code in (403, 404)


def test_an_address_holds_for_five_minutes(stored: StoredDownloads):
    address = asked(stored, rows(LONG))[1]["location"]
    assert LINK_LIFE_S == 300
    assert "X-Amz-Expires=300" in address


def test_what_takes_too_long_is_refused_with_a_way_out(
    stored: StoredDownloads, clock: ManualClock, kept: Callable[[], Any]
):
    async def slow() -> Pieces:
        for _ in range(3):
            clock.advance(PATIENCE / 2 + timedelta(milliseconds=1))
            yield ROW

    status, _, text = asked(stored, slow())
    assert status == 400
    assert "narrow it" in text
    assert kept() == []


def test_a_store_that_fails_midway_gives_no_half_a_file(
    stored: StoredDownloads, kept: Callable[[], Any]
):
    async def broken() -> Pieces:
        yield ROW * LONG
        raise Unavailable()

    assert asked(stored, broken())[0] == 503
    assert kept() == []


def test_a_bucket_that_is_away(standin: StandIn, clock: ManualClock):
    away = S3Exports(standin.client("s3"), "no-such-bucket-here")
    assert asked(StoredDownloads(away, clock), rows(LONG))[0] == 503


async def test_rows_come_in_pieces():
    async def many() -> AsyncIterator[list[object]]:
        for number in range(1_000):
            yield [number]

    pieces = [piece async for piece in csv_pieces(["n"], many())]
    assert len(pieces) > 3
    assert "".join(pieces) == "\ufeffn\r\n" + "".join(f"{number}\r\n" for number in range(1_000))
