"""What takes the lane leaves a connection as the framework does, byte by byte on a real one."""

import asyncio
import contextlib
import re
from collections.abc import Iterator

import pytest

from tests.http.base.both_ways import BothWays, Side
from tests.serving import serving

REPORT = b'{"issueType":"Network","location":"Library","description":"%s"}'
HEAD = b"POST /report-issue HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
PIPELINED = 3
_ALONE = re.compile(rb"(x-request-id|date): [^\r]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def post(body: bytes, *more: bytes) -> bytes:
    lines = b"".join(line + b"\r\n" for line in more)
    return HEAD + lines + b"content-length: %d\r\n\r\n" % len(body) + body


SMALL = post(REPORT % b"x")
LARGE = post(REPORT % (b"x" * 4000 + b" " * 40_000))
LOOK_UP = b"GET /issue-status/00000000-0000-4000-8000-000000000000 HTTP/1.1\r\nhost: a\r\n\r\n"
BROKEN = post(b"{")
BREAKING_OFF = post(REPORT % b"breaks off")[:-9]


@pytest.fixture(scope="module")
def both(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BothWays]:
    made = BothWays(tmp_path_factory.mktemp("served"), rate_limits="off")
    runner.run(made.start())
    yield made
    runner.run(made.close())


async def heard(side: Side, *sent: bytes, answers: int, gone: bool = False) -> list[bytes]:
    """Return the answers to what one connection sends in pieces, without what differs each time.

    Where the client has `gone`, it ends its half of the connection first.
    """
    async with serving(side.server.app) as address:
        host, port = address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        for piece in sent:
            writer.write(piece)
            await writer.drain()
        if gone:
            writer.write_eof()
        found = [await _answer(reader) for _ in range(answers)]
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    return [_ALONE.sub(b"?", answer) for answer in found]


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: ([0-9]+)", head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        ([SMALL, SMALL, LOOK_UP, SMALL], 4),
        ([SMALL * PIPELINED], PIPELINED),
        ([BROKEN, SMALL], 2),
        ([LARGE[:20_000], LARGE[20_000:], SMALL], 2),
        ([SMALL[:-9], SMALL[-9:], LOOK_UP], 2),
        ([SMALL[:30], SMALL[30:-1], SMALL[-1:] + LOOK_UP], 2),
        ([SMALL + b"\r\n" + LOOK_UP], 2),
        ([post(REPORT % b"y", b"expect: 100-continue")], 1),
        ([post(REPORT % b"y", b"connection: close")], 1),
        ([HEAD + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", SMALL], 2),
        ([HEAD + b"content-length: 1\r\n\r\n{}"], 1),
        ([HEAD + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}"], 1),
        ([post(b" " * 70_000)], 1),
    ],
)
def test_a_connection_goes_on_alike(
    runner: asyncio.Runner, both: BothWays, sent: list[bytes], answers: int
):
    mine = runner.run(heard(both.lane, *sent, answers=answers))
    assert mine == runner.run(heard(both.framework, *sent, answers=answers))


async def newest_of(side: Side) -> bytes:
    """Return the answer to staff that lists what was reported last."""
    who = b"authorization: Bearer %s\r\n" % side.known["staff"]
    asked = b"GET /get-all-issues?limit=100 HTTP/1.1\r\nhost: a\r\n" + who + b"\r\n"
    (answer,) = await heard(side, asked, answers=1)
    return answer


def test_a_report_that_breaks_off_leaves_nothing(runner: asyncio.Runner, both: BothWays):
    for side in (both.lane, both.framework):
        before = runner.run(newest_of(side))
        with contextlib.suppress(asyncio.IncompleteReadError):
            runner.run(heard(side, BREAKING_OFF, answers=1, gone=True))
        assert runner.run(newest_of(side)) == before
