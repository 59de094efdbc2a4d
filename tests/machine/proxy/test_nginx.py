"""deploy/local/nginx.conf as nginx takes it, with only its ports and its certificate replaced."""

import asyncio
import contextlib
import shutil
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from tests.certificates import self_signed
from tests.running import free_port
from tests.serving import serving

ROOT = Path(__file__).parents[3]
WRITTEN = (ROOT / "deploy/local/nginx.conf").read_text()
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
LARGE = 20 * 1024 * 1024  # more than any limit that nginx would set by itself
MAIN = """
daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/site.conf;
}}
"""
needs_nginx = pytest.mark.skipif(
    NGINX is None,
    # its package starts a service, so `make test` does not install it
    reason="no nginx here: apt install nginx-light",
)


class Behind:
    """What stands behind the proxy: tells what has come so far."""

    def __init__(self) -> None:
        self.arrived = 0
        self.begun = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._echo(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _echo(self, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "bytes": message["bytes"]})

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        await self._read(receive)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/events":
            await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
            await asyncio.sleep(30)
        await send({"type": "http.response.body", "body": str(self.arrived).encode()})

    async def _read(self, receive: Any) -> None:
        more = True
        while more:
            message = await receive()
            self.arrived += len(message.get("body", b""))
            more = message.get("more_body", False)
            if self.arrived:
                self.begun.set()


@contextlib.asynccontextmanager
async def proxied(folder: Path, behind: Behind) -> AsyncIterator[int]:
    """Run nginx by the file before `behind`; give its port."""
    port, pem = free_port(), self_signed(folder / "campus.pem", "campus.example")
    async with serving(behind) as address:
        site = WRITTEN
        for old, new in (
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("listen 80", f"listen 127.0.0.1:{free_port()}"),
            ("/etc/ssl/campus.example.pem", str(pem)),
            ("/etc/ssl/campus.example.key", str(pem)),
            ("127.0.0.1:8000", address),
        ):
            assert old in site
            site = site.replace(old, new)
        (folder / "site.conf").write_text(site)
        main = folder / "main.conf"
        main.write_text(MAIN.format(folder=folder))
        assert NGINX is not None
        process = await asyncio.create_subprocess_exec(
            NGINX, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(main)
        )
        try:
            await _until_open(port)
            yield port
        finally:
            process.terminate()
            await process.wait()


async def _until_open(port: int) -> None:
    for _ in range(250):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nginx did not start")


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _opened(port: int, head: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting())
    writer.write(f"{head}\r\nHost: campus.example\r\n".encode())
    return reader, writer


@needs_nginx
async def test_desktops_and_rooms_get_their_websockets(tmp_path: Path):
    async with proxied(tmp_path, Behind()) as port:
        address = f"wss://127.0.0.1:{port}/api/meetings/1/desktops/student/stream"
        async with connect(address, ssl=trusting()) as line:
            await line.send(b"key down")
            assert await asyncio.wait_for(line.recv(), 10) == b"key down"


@needs_nginx
async def test_a_large_part_of_a_film_is_passed_on_as_it_comes(tmp_path: Path):
    behind = Behind()
    async with proxied(tmp_path, behind) as port:
        reader, writer = await _opened(port, "PATCH /api/uploads/1 HTTP/1.1")
        writer.write(f"Content-Length: {LARGE}\r\nConnection: close\r\n\r\n".encode())
        writer.write(bytes(LARGE // 2))
        # half of it is with the server although the rest has not been sent
        await asyncio.wait_for(behind.begun.wait(), 10)
        writer.write(bytes(LARGE - LARGE // 2))
        answer = await asyncio.wait_for(reader.read(), 20)
        assert answer.startswith(b"HTTP/1.1 200")
        assert behind.arrived == LARGE
        writer.close()


@needs_nginx
async def test_events_are_passed_on_as_they_come(tmp_path: Path):
    async with proxied(tmp_path, Behind()) as port:
        reader, writer = await _opened(port, "GET /events HTTP/1.1")
        writer.write(b"\r\n")
        assert await asyncio.wait_for(reader.readuntil(b"data: 1\n\n"), 10)
        writer.close()


@pytest.mark.parametrize(
    "line",
    [
        "client_max_body_size 0;",
        "proxy_http_version 1.1;",
        "proxy_set_header Upgrade $http_upgrade;",
        "proxy_set_header Connection $quadrangle_connection;",
        "proxy_buffering off;",
        "proxy_request_buffering off;",
        "proxy_read_timeout 1h;",
    ],
)
def test_what_meetings_and_uploads_need_is_there(line: str):
    assert line in WRITTEN
