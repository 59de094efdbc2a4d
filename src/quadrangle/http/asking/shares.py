"""How many requests are open at once: in all, and from one address.

Live pages and desktops stay open for hours, so that their number is what has to be bounded, far
above a normal day. Beyond it some still get through: those who ask whether the server is well.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from quadrangle.http.answers.errors import Problem
from quadrangle.http.asking.addresses import is_loopback_address
from quadrangle.http.gateway import App

RETRY_AFTER_S = 10
TRY_AGAIN_LATER = 1013  # of WebSockets
FULL = "The server has as many open pages as it can hold. Please try again in a moment."
SHARE_IS_USED = "Many pages are open from your network's address. Please close some, or try later."


class Shares(msgspec.Struct, frozen=True):
    """At most so many open requests, and so many of one address. A campus is one address for us,
    and 1,500 open pages are a normal day there."""

    in_all: int = 12_000
    of_one: int = 3_000


class OpenRequests:
    """Wraps an application. `address_of` tells from a scope who sends it.

    This machine's own address has no share: a proxy that is not among the trusted stands for all.
    """

    def __init__(
        self,
        app: App,
        address_of: Callable[[Any], str],
        shares: Shares,
        always: frozenset[str] = frozenset(),
    ) -> None:
        self._app = app
        self._address_of = address_of
        self._shares = shares
        self._always = always
        self._open = 0
        self._by_address: dict[str, int] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket") or scope["path"] in self._always:
            await self._app(scope, receive, send)
            return
        address = self._address_of(scope)
        if self._open >= self._shares.in_all:
            await _refuse(scope, receive, send, 503, FULL)
            return
        held = self._by_address.get(address, 0)
        if held >= self._shares.of_one and not is_loopback_address(address):
            await _refuse(scope, receive, send, 429, SHARE_IS_USED)
            return
        self._open += 1
        self._by_address[address] = held + 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1
            left = self._by_address[address] - 1
            if left:
                self._by_address[address] = left
            else:
                del self._by_address[address]


async def _refuse(scope: Any, receive: Any, send: Any, status: int, message: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": TRY_AGAIN_LATER, "reason": message})
        return
    headers = [
        (b"content-type", b"application/json"),
        (b"retry-after", str(RETRY_AFTER_S).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(Problem(message))})
