"""Bodies come in time, or their request ends: a connection is not held by one that stops."""

import asyncio
from typing import Any

import msgspec

from quadrangle.http.answers.errors import problem_of
from quadrangle.http.bodies.draining import Receive

LONGEST_SILENCE_S = 60.0
# Besides, the rest of a body is waited for so long, and a second more for each so many bytes that
# came: a slow telephone sends far more, and a byte every minute is nobody's.
PATIENCE_S = 120.0
LEAST_BYTES_PER_S = 1000
_LATE = msgspec.json.encode(problem_of(408))


def has_body(scope: Any) -> bool:
    """Tell whether a body is announced."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return value != b"0"
        if name == b"transfer-encoding":
            return True
    return False


class Timely:
    """Receives a body; once it is late, that is as if the client had gone. Counted is only the
    time in which somebody waits for it."""

    def __init__(self, receive: Receive, scope: Any) -> None:
        self._receive = receive
        self._ended = not has_body(scope)
        self._waited = 0.0
        self._came = 0
        self.late = False

    async def __call__(self) -> Any:
        if self.late:
            return {"type": "http.disconnect"}
        if self._ended:  # what is waited for now is that the client goes
            return await self._receive()
        clock = asyncio.get_running_loop().time
        began = clock()
        patience = PATIENCE_S + self._came / LEAST_BYTES_PER_S - self._waited
        limit = asyncio.timeout(min(LONGEST_SILENCE_S, patience))
        try:
            async with limit:
                message = await self._receive()
        except TimeoutError:
            if not limit.expired():
                raise
            self.late = True
            return {"type": "http.disconnect"}
        self._waited += clock() - began
        self._came += len(message.get("body", b""))
        self._ended = message["type"] != "http.request" or not message.get("more_body")
        return message

    def said(self, message: Any) -> Any:
        """Return what is answered: of a body that came too late that it did, whatever was made
        of it."""
        if not self.late:
            return message
        if message["type"] == "http.response.start":
            headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
            return {**message, "status": 408, "headers": headers}
        return {"type": message["type"], "body": _LATE, "more_body": False}
