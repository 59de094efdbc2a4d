"""Each address has a share of what may be open at once, and health answers when all is taken."""

import asyncio
import json
from typing import Any

from quadrangle.http.asking.shares import OpenRequests, Shares

HEALTH = "/api/health"


class Pages:
    """Open pages; `close` ends them."""

    def __init__(self, shares: Shares) -> None:
        self._closing = asyncio.Event()
        self._open: list[asyncio.Task[int]] = []
        self._app = OpenRequests(
            self._answer, lambda scope: scope["address"], shares, frozenset({HEALTH})
        )

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/live":
            await self._closing.wait()

    async def open(self, address: str, path: str = "/live") -> int:
        """Return the status, and leave the request open."""
        answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answered.set_result(message["status"])
            elif message.get("body"):
                assert json.loads(message["body"])["message"].endswith(".")

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        scope = {"type": "http", "path": path, "address": address}
        self._open.append(asyncio.ensure_future(self._app(scope, receive, send)))  # type: ignore[arg-type]
        return await answered

    async def close(self) -> None:
        self._closing.set()
        await asyncio.gather(*self._open)


async def test_one_address_has_its_share_and_leaves_the_others_theirs():
    pages = Pages(Shares(in_all=10, of_one=3))
    assert [await pages.open("192.0.2.1") for _ in range(5)] == [200, 200, 200, 429, 429]
    assert await pages.open("192.0.2.2") == 200
    await pages.close()
    assert await pages.open("192.0.2.1") == 200


async def test_health_answers_when_all_is_taken():
    pages = Pages(Shares(in_all=4, of_one=3))
    assert [await pages.open(f"192.0.2.{n}") for n in range(5)] == [200, 200, 200, 200, 503]
    assert await pages.open("192.0.2.9", HEALTH) == 200
    await pages.close()


async def test_a_proxy_on_this_machine_stands_for_many():
    pages = Pages(Shares(in_all=10, of_one=3))
    assert [await pages.open("127.0.0.1") for _ in range(6)] == [200] * 6
    assert [await pages.open("::/64") for _ in range(4)] == [200] * 4
    await pages.close()


async def test_a_desktop_beyond_the_share_is_told_to_come_again():
    closed: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        closed.append(message)

    full = OpenRequests(app, lambda scope: "192.0.2.1", Shares(10, 0))
    await full({"type": "websocket", "path": "/line"}, receive, send)
    assert closed[0]["type"] == "websocket.close"
    assert closed[0]["code"] == 1013
