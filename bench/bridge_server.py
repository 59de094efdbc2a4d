"""The bridge alone on the real server, for bench.bridge: `python -m bench.bridge_server PORT SOCKET
RIGHT`. RIGHT is `owner` for one's own desktop or `watch` for somebody else's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from quadrangle.http.streaming.bridge import Passage, bridge
from quadrangle.http.streaming.line import Line
from quadrangle.meetings.ports import Right
from quadrangle.portable.rfb.filter import Gate


async def main(port: int, socket: Path, kind: str) -> None:
    async def nothing(line: Line) -> None:
        pass

    async def admit(scope: Any) -> Passage:
        owner = kind == "owner"
        gate = Gate(Right.CONTROL if owner else Right.WATCH, owner=owner)
        return Passage(socket, gate, nothing, nothing)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await bridge(scope, receive, send, admit)

    server = Server(
        app,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        websockets=True,
        log_enabled=False,
    )
    await server.serve()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
