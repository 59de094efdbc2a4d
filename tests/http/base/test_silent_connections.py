"""A connection that sends no request in time is ended, and one that is answered for long is not."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from quadrangle.hosts.one_machine.serve import http_server
from quadrangle.hosts.one_machine.settings import Settings
from tests.running import free_port

HEAD_WITHIN_MS = 400
GET = b"GET / HTTP/1.1\r\nHost: here\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer with a piece now, and another when a silent connection would have been ended."""
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"first", "more_body": True})
    if scope["path"] == "/lasting":
        await asyncio.sleep(3 * HEAD_WITHIN_MS / 1000)
    await send({"type": "http.response.body", "body": b"last"})


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    settings = Settings(data=tmp_path, host="127.0.0.1", port=free_port())
    server = http_server(app, settings, HEAD_WITHIN_MS)
    running = asyncio.create_task(server.serve())
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", settings.port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            break
    yield settings.port
    server.stop()
    await asyncio.wait({running}, timeout=10)


async def until_ended(port: int, sent: bytes) -> bytes:
    """Send that and nothing more; return what comes until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(10):
        got = await reader.read()
    writer.close()
    return got


@pytest.mark.parametrize("begun", [b"", b"GE", GET], ids=["nothing", "a word", "half a head"])
async def test_who_sends_no_request_is_ended(port, begun):
    await until_ended(port, begun)


async def test_who_sends_no_other_request_is_ended(port):
    assert b"last" in await until_ended(port, GET + b"\r\n")


async def test_an_answer_may_last_for_longer(port):
    got = await until_ended(port, GET.replace(b"/ ", b"/lasting ") + b"\r\n")
    assert b"first" in got
    assert b"last" in got
