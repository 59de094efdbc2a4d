"""Taking in bodies that are refused, so that whoever sends them reads why."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

Receive = Callable[[], Awaitable[Any]]

_SMALL_BODY = 16 * 1024
_MOST_DRAINED = 64 * 1024 * 1024
_LONGEST_PAUSE_S = 3.0  # a client that sends nothing meanwhile waits for the answer


def is_large(scope: Any) -> bool:
    """Tell whether the body may be larger than what a connection takes in before it is read."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return value.isdigit() and int(value) > _SMALL_BODY
        if name == b"transfer-encoding":
            return True
    return False


class Drained:
    """Takes in a body that nobody wanted before it is answered.

    A client that is still sending when the connection closes sees a broken connection instead of
    the sentence that says what is wrong. Up to a bound: past it the connection closes.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def __call__(self) -> Any:
        message = await self._receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            self._ended = True
        return message

    async def drain(self) -> None:
        taken = 0
        with contextlib.suppress(TimeoutError):
            while not self._ended and taken < _MOST_DRAINED:
                async with asyncio.timeout(_LONGEST_PAUSE_S):
                    taken += len((await self()).get("body", b""))
