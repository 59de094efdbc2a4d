"""However an address is spelled, what is kept in memory for it is kept once."""

import asyncio
import gzip
from typing import Any

import pytest

from quadrangle.hosts.one_machine.pages import Pages
from quadrangle.http.access_log import AccessLog
from quadrangle.http.gateway import Gateway

SPELLINGS = 200


async def ask(app: Any, path: str, method: str = "GET") -> list[Any]:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": []}
    await app(scope, receive, send)
    return sent


def test_a_file_is_read_and_compressed_once(tmp_path, monkeypatch: pytest.MonkeyPatch):
    compressed: list[bytes] = []
    real = gzip.compress

    def counted(body: bytes, level: int) -> bytes:
        compressed.append(body)
        return real(body, level)

    monkeypatch.setattr("quadrangle.hosts.one_machine.pages.gzip.compress", counted)
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "file.js").write_text("export {}")
    (tmp_path / "report.html").write_text("<!doctype html>")
    pages = Pages(tmp_path)

    async def all_spellings() -> None:
        for slashes in range(1, SPELLINGS):
            between = "/" * slashes
            for path in (f"/vendor{between}file.js", f"{between}vendor/file.js{between}"):
                assert (await ask(pages, path))[0]["status"] == 200
            for path in (f"/report{between}", f"{between}report.html"):
                assert (await ask(pages, path))[0]["status"] == 200

    asyncio.run(all_spellings())
    assert sorted(compressed) == [b"<!doctype html>", b"export {}"]


def test_a_page_that_embeds_is_the_same_however_it_is_spelled(tmp_path):
    (tmp_path / "watch.html").write_text("<!doctype html>")
    pages = Pages(tmp_path, {"/watch": "https://films.example"})

    async def policy(path: str) -> bytes:
        return dict((await ask(pages, path))[0]["headers"])[b"content-security-policy"]

    async def policies() -> set[bytes]:
        return {await policy(path) for path in ("/watch", "//watch/", "/watch.html")}

    (policy_of_all,) = asyncio.run(policies())
    assert b"films.example" in policy_of_all


def test_methods_that_nobody_knows_count_as_one():
    counted: set[str] = set()

    class Metrics:
        def request(self, method: str, route: str, status: int, seconds: float) -> None:
            counted.add(method)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 405, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    gateway = Gateway(
        app, cors_origins=(), open_paths=(), metrics=Metrics(), log=AccessLog(secret_paths=())
    )

    async def all_methods() -> None:
        for n in range(SPELLINGS):
            await ask(gateway, "/api/health", f"M{n}")
        await ask(gateway, "/api/health", "PATCH")

    asyncio.run(all_methods())
    assert counted == {"other", "PATCH"}
