"""Joins a WebSocket with a Unix socket: a desktop's pictures and keys, or a terminal's.

Binary frames are the stream, in any splitting. Clients that offer the sub-protocol `quadrangle` may
also send texts, which are answered and never reach the other side: `{"ping": 7}` gets
`{"pong": 7}`, and such a client has to be heard of now and then. Everyone is sent an empty frame
when nothing else was for a while, as the server below us sends no pings of its own.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from quadrangle.http.asking.origins import is_ours
from quadrangle.http.streaming.far_end import FarEnd
from quadrangle.http.streaming.line import (
    HEARD_WITHIN_S,
    KEEP_ALIVE_S,
    NOT_THERE,
    Ending,
    Flow,
    Line,
    Receive,
    Send,
    close,
)

OURS = "quadrangle"  # the sub-protocol with texts
PLAIN = "binary"


class TurnedAway(Exception):
    """This client gets no connection, or not now."""

    def __init__(self, ending: Ending) -> None:
        self.ending = ending
        super().__init__(ending.reason)


class Passage(msgspec.Struct):
    """Where a client is let through to, and what is done to the bytes.

    `opened` is awaited before the first byte passes and may raise TurnedAway, `closed` after the
    last.
    """

    socket: Path
    flow: Flow
    opened: Callable[[Line], Awaitable[None]]
    closed: Callable[[Line], Awaitable[None]]


Admit = Callable[[Any], Awaitable[Passage]]


async def bridge(
    scope: Any,
    receive: Receive,
    send: Send,
    admit: Admit,
    *,
    origins: frozenset[str] = frozenset(),
    keep_alive_s: float = KEEP_ALIVE_S,
    heard_within_s: float = HEARD_WITHIN_S,
) -> None:
    """Serve one WebSocket until either side or a third party ends it.

    A page of a foreign origin is refused before anything else. Whom `admit` turns away is accepted
    first all the same, as browsers tell pages nothing of what was refused before.
    """
    await receive()  # that a client wants to connect
    if not is_ours(scope, origins):
        await send({"type": "websocket.close", "code": 1008, "reason": "foreign origin"})
        return
    offered = scope.get("subprotocols") or ()
    spoken = next((known for known in (OURS, PLAIN) if known in offered), None)
    try:
        passage = await admit(scope)
        await send({"type": "websocket.accept", "subprotocol": spoken})
    except TurnedAway as away:
        await send({"type": "websocket.accept", "subprotocol": spoken})
        await close(send, away.ending)
        return
    try:
        far = await FarEnd.connect(passage.socket)
    except OSError:
        await close(send, NOT_THERE)
        return
    line = Line(passage.flow, far, receive, send, talks=spoken == OURS)
    try:
        await passage.opened(line)
        await line.run(keep_alive_s, heard_within_s)
    except TurnedAway as away:
        await close(send, away.ending)
    finally:
        line.hang_up()
        await passage.closed(line)
