"""A server of what meetings have for browsers: pages, desktops, rooms. In a process of its own.

`python -m tests.rigs.meeting PORT SOCKET`: SOCKET is where a desktop speaks RFB.
"""

import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from quadrangle.hosts.one_machine.pages import WEB, Pages
from quadrangle.http.bridge import Passage, TurnedAway, bridge
from quadrangle.http.line import NO_TICKET, WITHDRAWN, Line
from quadrangle.meetings.ports import Right
from quadrangle.portable.rfb.filter import Gate

HERE = Path(__file__).parent


class Rig:
    """Hands out tickets to whoever asks, and does to open lines what tests want."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._pages = Pages(WEB)
        self._own_pages = Pages(HERE)
        self._tickets: dict[str, dict[str, str]] = {}
        self._lines: dict[Line, str] = {}
        self._refuses = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await bridge(scope, receive, send, self._admit)
        elif scope["method"] == "POST":
            await _answer(send, *self._called(scope["path"], _query(scope)))
        elif scope["path"].startswith("/rig/"):
            scope["path"] = scope["path"].removeprefix("/rig")
            await self._own_pages(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    def _called(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        if path == "/rig/ticket":
            if self._refuses:
                return 503, {"message": "Not just now."}
            ticket = secrets.token_hex(8)
            self._tickets[ticket] = query
            return 200, {"address": f"/desktop?ticket={ticket}"}
        if path == "/rig/refuse":
            self._refuses = query["on"] == "yes"
            return 200, {}
        for line in [line for line, who in self._lines.items() if who == query.get("who", "")]:
            self._do(path, line, query)
        return 200, {"lines": len(self._lines), "tickets": len(self._tickets)}

    def _do(self, path: str, line: Line, query: dict[str, str]) -> None:
        if path == "/rig/right":
            right = Right(query["right"])
            line.to_server(line.flow.set_right(right))  # type: ignore[attr-defined]
            line.tell({"right": right.value})
        elif path == "/rig/note":
            line.tell(msgspec.json.decode(query["note"]))
        elif path == "/rig/drop":
            line.end(None)
        elif path == "/rig/withdraw":
            line.end(WITHDRAWN)

    async def _admit(self, scope: Any) -> Passage:
        query = self._tickets.pop(_query(scope).get("ticket", ""), None)
        if query is None:
            raise TurnedAway(NO_TICKET)
        right = Right(query.get("right", "control"))

        async def opened(line: Line) -> None:
            self._lines[line] = query.get("who", "")
            line.tell({"right": right.value})

        async def closed(line: Line) -> None:
            self._lines.pop(line, None)

        gate = Gate(right, owner="person" not in query)
        return Passage(self._socket, gate, opened, closed)


def _query(scope: Any) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(scope["query_string"].decode()).items()}


async def _answer(send: Any, status: int, body: Any) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(body)})


async def main(port: int, socket: Path) -> None:
    server = Server(
        Rig(socket),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        websockets=True,
        log_enabled=False,
    )
    await server.serve()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), Path(sys.argv[2])))
