"""JSON travels compressed to those who take it so, and whom nobody else can have ask."""

import asyncio
import gzip
import json
from typing import Any

import pytest

from quadrangle.http.answers.compression import LEAST, MOST, CompressedJson
from tests.running import RunningServer

LONG = json.dumps({"words": "the same words again " * 100}).encode()
OURS = {"accept-encoding": "gzip, br", "x-requested-with": "quadrangle"}


def answer(body: bytes, kind: str = "application/json", status: int = 200, pieces: int = 1) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        headers.append((b"etag", b'"x"'))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for n in range(pieces):
            more = n < pieces - 1
            await send({"type": "http.response.body", "body": body, "more_body": more})

    return app


def ask(app: Any, method: str = "GET", **headers: str) -> tuple[dict[str, str], bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    given = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "method": method, "path": "/x", "headers": given}
    asyncio.run(CompressedJson(app)(scope, None, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return told, b"".join(each["body"] for each in sent[1:])


@pytest.mark.parametrize(
    "mine", [{"x-requested-with": "quadrangle"}, {"authorization": "Bearer x"}, {"x-api-key": "x"}]
)
def test_long_json_is_compressed_for_our_pages_and_programs(mine: dict[str, str]):
    headers, body = ask(answer(LONG), **{"accept-encoding": "gzip"}, **mine)
    assert gzip.decompress(body) == LONG
    assert len(body) < len(LONG) / 5
    assert headers["content-encoding"] == "gzip"
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "Accept-Encoding"
    assert headers["etag"] == 'W/"x"'


@pytest.mark.parametrize(
    ("app", "asked"),
    [
        (answer(LONG), {"accept-encoding": "gzip"}),  # any page could have this asked
        (answer(LONG), {"x-requested-with": "quadrangle"}),
        (answer(LONG), OURS | {"method": "POST"}),
        (answer(b"1" * (LEAST - 1)), OURS),
        (answer(b"1" * (MOST + 1)), OURS),
        (answer(LONG, "text/event-stream"), OURS),
        (answer(LONG, "image/png"), OURS),
        (answer(LONG, status=404), OURS),
        (answer(LONG, pieces=3), OURS),
    ],
)
def test_all_else_goes_as_it_is(app: Any, asked: dict[str, str]):
    headers, body = ask(app, **asked)
    assert "content-encoding" not in headers
    assert headers["etag"] == '"x"'
    assert body.startswith((LONG, b"1"))


def test_a_server_compresses_lists_and_says_the_same_of_them(tmp_path: Any):
    server = RunningServer(tmp_path).start()
    try:
        token = server.sign_in()
        for _ in range(5):
            server.report()
        plain = server.call("GET", "/get-all-issues", token=token)
        asked = {"Accept-Encoding": "gzip"}
        compressed = server.call("GET", "/get-all-issues", token=token, headers=asked)
        assert compressed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(compressed.body) == plain.body
        assert compressed.headers["cache-control"] == plain.headers["cache-control"] == "no-store"
        assert "content-encoding" not in server.call("GET", "/api/config", headers=asked).headers
    finally:
        server.stop()
