"""A body that stops or drips is given up, and what is sent in time is taken."""

import asyncio
import json
from typing import Any

import pytest

from quadrangle.http.access_log import AccessLog
from quadrangle.http.bodies import times as body_times
from quadrangle.http.gateway import Gateway

PIECE = b"seven b"


class Client:
    """Sends a body of `pieces`, the next `every` seconds; then nothing more."""

    def __init__(self, pieces: int, every: float, *, ends: bool) -> None:
        self.pieces, self.every, self.ends = pieces, every, ends
        self.answer: list[Any] = []

    async def receive(self) -> Any:
        if not self.pieces:
            await asyncio.Event().wait()
        await asyncio.sleep(self.every)
        self.pieces -= 1
        more = bool(self.pieces) or not self.ends
        return {"type": "http.request", "body": PIECE, "more_body": more}

    async def send(self, message: Any) -> None:
        self.answer.append(message)

    @property
    def status(self) -> int:
        return self.answer[0]["status"]


async def whole_body(scope: Any, receive: Any, send: Any) -> None:
    """Answer how much came; with 500 when the client goes, as the framework does."""
    came, status = 0, 200
    while True:
        message = await receive()
        if message["type"] != "http.request":
            status = 500
            break
        came += len(message["body"])
        if not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": str(came).encode()})


async def sent(client: Client) -> Client:
    gateway = Gateway(
        whole_body, cors_origins=(), open_paths=(), metrics=None, log=AccessLog(gathered=False)
    )
    headers = [(b"content-length", b"100")]
    scope = {"type": "http", "method": "POST", "path": "/report-issue", "headers": headers}
    async with asyncio.timeout(10):
        await gateway(scope, client.receive, client.send)
    return client


async def test_a_body_that_stops_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(body_times, "LONGEST_SILENCE_S", 0.1)
    client = await sent(Client(1, 0.0, ends=False))
    assert client.status == 408
    assert (b"connection", b"close") in list(client.answer[0]["headers"])
    assert json.loads(client.answer[1]["body"])["message"].endswith(".")


async def test_a_body_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(body_times, "PATIENCE_S", 0.2)
    assert (await sent(Client(1000, 0.02, ends=True))).status == 408


async def test_a_slow_body_is_taken_as_long_as_it_comes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(body_times, "PATIENCE_S", 0.2)
    monkeypatch.setattr(body_times, "LEAST_BYTES_PER_S", 100)  # it sends three times as many
    client = await sent(Client(40, 0.02, ends=True))
    assert (client.status, client.answer[1]["body"]) == (200, b"280")
