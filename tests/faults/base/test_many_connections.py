"""Connections in number, silent ones, and bodies that stop: the others go on."""

import asyncio
import resource

import pytest

from quadrangle.hosts.one_machine import connections
from tests.running import RunningServer

STREAMS = 2_300  # a normal day has 1,500; until 2026 nothing answered beyond 1,024
HERE = "127.0.0.1"

pytestmark = pytest.mark.xdist_group("faults")
Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def many_files():
    """Let this process hold as many connections itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2 * STREAMS + 1000:
        pytest.skip("this machine lets nobody open so many files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (2 * STREAMS + 1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def opened(port: int, *lines: str, body: str = "") -> Opened:
    reader, writer = await asyncio.open_connection(HERE, port)
    if lines:
        writer.write("\r\n".join([*lines, f"Host: {HERE}", "", body]).encode())
    return reader, writer


async def many(port: int, number: int, *lines: str, body: str = "") -> list[Opened]:
    return [await opened(port, *lines, body=body) for _ in range(number)]


async def first_line(connection: Opened) -> bytes:
    async with asyncio.timeout(30):
        return await connection[0].readline()


def test_live_pages_silent_ones_and_bodies_that_stop_leave_room_for_others(tmp_path, many_files):
    server = RunningServer(tmp_path).start()
    issue_id = server.report()

    async def crowd() -> None:
        stream = f"GET /api/issues/{issue_id}/events HTTP/1.1"
        live = await many(server.port, STREAMS, stream)
        assert b"200" in await first_line(live[-1])
        silent = await many(server.port, STREAMS // 2)
        post = ["POST /report-issue HTTP/1.1", "Content-Type: application/json"]
        stopped = await many(server.port, 100, *post, "Content-Length: 100", body="{'issue")
        asked = asyncio.to_thread(server.call, "GET", "/api/health")
        assert (await asked).status == 200
        assert await asyncio.to_thread(server.report)
        for _, writer in (*live, *silent, *stopped):
            writer.close()

    try:
        asyncio.run(crowd())
        assert server.call("GET", "/api/health").status == 200
        assert server.stop() == 0
    finally:
        server.end()


def test_there_are_always_fewer_requests_than_connections():
    for allowed in (800, 4_000, 16_000):
        shares = connections.shares_of(allowed)
        assert shares.of_one < shares.in_all < allowed
    assert connections.shares_of(connections.WANTED).in_all >= 10_000
    assert connections.shares_of(connections.WANTED).of_one > 1_500
