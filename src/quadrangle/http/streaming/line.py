"""One live connection between a WebSocket and a Unix socket: the bytes that pass, and its end."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

import msgspec
import structlog

from quadrangle.http.streaming.far_end import FarEnd

log = structlog.get_logger(__name__)

MAX_FRAME = 512 * 1024  # bytes of a frame; more than the longest message anyone needs
SLICE = 16 * 1024  # bytes looked at before others have their turn
MAX_TEXT = 1024  # characters of a text
MAX_NOTES = 64  # that wait for a slow client
KEEP_ALIVE_S = 30.0  # proxies cut what is silent for longer than a minute or so
HEARD_WITHIN_S = 130.0  # browsers let a page that is hidden act once a minute
CLOSE_S = 2.0

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Ending(msgspec.Struct, frozen=True):
    """Why a connection ends: a code by RFC 6455 and a sentence of at most 123 bytes."""

    code: int
    reason: str


SERVER_STOPS = Ending(1001, "The server is restarting.")
NOT_UNDERSTOOD = Ending(1003, "This connection does not take such texts.")
TOO_LONG = Ending(1009, "This is longer than allowed.")
TOO_SLOW = Ending(1008, "The page takes nothing in.")
NOT_THERE = Ending(1013, "The desktop cannot be reached just now.")
BROKEN = Ending(1011, "Something went wrong with this connection.")
NO_TICKET = Ending(4401, "This ticket is not valid, or was used already.")
WITHDRAWN = Ending(4403, "You may no longer see this desktop.")
NOT_HEARD = Ending(4408, "Nothing was heard of the page for a while.")
OVER = Ending(4410, "The meeting is over.")
HUNG_UP = Ending(4502, "The desktop hung up.")


class FlowBroken(Exception):
    """What came cannot be passed on; the message says in a sentence why."""


class Flow(Protocol):
    """What is done to the bytes on their way. Raises FlowBroken."""

    def from_client(self, data: bytes) -> bytes:
        """Return what the server gets of this, and of what was held back."""
        ...

    def from_server(self, data: bytes) -> bytes:
        """Return what the client gets of this, and of what was held back."""
        ...

    def leave(self) -> bytes:
        """Return what the server has to hear when the client goes."""
        ...


class _Gone(Exception):
    """The client cannot be sent anything any more."""


class _Ping(msgspec.Struct):
    ping: float


class Line:
    """One live connection. `talks`: the client sends and understands texts.

    `heard_at` is when the client last sent something, on the clock of time.monotonic. Others may
    use what is public here, from the same event loop; nothing of it waits.
    """

    def __init__(
        self,
        flow: Flow,
        far: FarEnd,
        receive: Receive,
        send: Send,
        *,
        talks: bool,
    ) -> None:
        self.flow = flow
        self.heard_at = time.monotonic()
        self._far = far
        self._receive = receive
        self._send = send
        self._talks = talks
        self._sent_at = self.heard_at
        self._notes: asyncio.Queue[Any] = asyncio.Queue(MAX_NOTES)
        self._ending: asyncio.Future[Ending | None] = asyncio.get_running_loop().create_future()

    def to_server(self, data: bytes) -> None:
        """Have the other side hear something now, such as that a key is released."""
        self._far.write(data)

    def tell(self, note: Any) -> None:
        """Send a note, as JSON, to a client that understands such."""
        if not self._talks:
            return
        try:
            self._notes.put_nowait(note)
        except asyncio.QueueFull:
            self.end(TOO_SLOW)

    def end(self, ending: Ending | None) -> None:
        """End the connection at once; None when the client has gone by itself."""
        if not self._ending.done():
            self._ending.set_result(ending)

    def hang_up(self) -> None:
        """Let go of the other side, and of what the client held down there."""
        self.to_server(self.flow.leave())
        self._far.close()

    async def run(self, keep_alive_s: float, heard_within_s: float) -> None:
        """Pass bytes on in both directions until the end, and tell the client why it came."""
        jobs = [self._from_client(), self._from_server(), self._keep_alive(keep_alive_s)]
        if self._talks:
            jobs += [self._send_notes(), self._listen(heard_within_s)]
        tasks = [asyncio.create_task(self._ends_all(job)) for job in jobs]
        try:
            ending = await self._ending
        finally:
            # The server below cannot close a connection while it is asked for another frame.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if ending is not None:
            await close(self._send, ending)

    async def _ends_all(self, job: Coroutine[Any, Any, None]) -> None:
        """Run a job whose end, whatever it is, is that of the connection."""
        ending: Ending | None = None
        try:
            await job
        except FlowBroken as broken:
            ending = Ending(1008, str(broken))
        except OSError:
            ending = HUNG_UP
        except _Gone:
            pass
        except Exception:
            log.exception("a connection broke off")
            ending = BROKEN
        self.end(ending)

    async def _from_client(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return
            self.heard_at = time.monotonic()
            data = message.get("bytes")
            if data is None:
                await self._answer(message["text"])
            elif len(data) > MAX_FRAME:
                self.end(TOO_LONG)
                return
            else:
                await self._pass_on(data)

    async def _pass_on(self, data: bytes) -> None:
        for place in range(0, len(data), SLICE):
            self._far.write(self.flow.from_client(data[place : place + SLICE]))
            await self._far.drained()
            if len(data) > SLICE:
                await asyncio.sleep(0)

    async def _from_server(self) -> None:
        while data := await self._far.read():
            passed = self.flow.from_server(data)
            if passed:
                await self._to_client(bytes=passed)
        self.end(HUNG_UP)

    async def _to_client(self, **content: Any) -> None:
        try:
            await self._send({"type": "websocket.send", **content})
        except Exception as error:
            raise _Gone from error
        self._sent_at = time.monotonic()

    async def _answer(self, text: str) -> None:
        asked = _read_ping(text) if self._talks and len(text) <= MAX_TEXT else None
        if asked is None:
            self.end(NOT_UNDERSTOOD)
            return
        await self._to_client(text=_json({"pong": asked.ping}))

    async def _send_notes(self) -> None:
        while True:
            await self._to_client(text=_json(await self._notes.get()))

    async def _keep_alive(self, every_s: float) -> None:
        while True:
            silent_s = time.monotonic() - self._sent_at
            if silent_s < every_s:
                await asyncio.sleep(every_s - silent_s)
            else:
                await self._to_client(bytes=b"")

    async def _listen(self, within_s: float) -> None:
        while True:
            silent_s = time.monotonic() - self.heard_at
            if silent_s >= within_s:
                self.end(NOT_HEARD)
                return
            await asyncio.sleep(within_s - silent_s)


def _read_ping(text: str) -> _Ping | None:
    try:
        return msgspec.json.decode(text, type=_Ping)
    except (msgspec.MsgspecError, UnicodeError):
        return None


def _json(note: Any) -> str:
    return msgspec.json.encode(note).decode()


async def close(send: Send, ending: Ending) -> None:
    """Close a WebSocket that was accepted. A client that is gone, or takes nothing in, hears no
    reason."""
    reason = ending.reason.encode()[:123].decode(errors="ignore")
    with contextlib.suppress(Exception):
        async with asyncio.timeout(CLOSE_S):
            await send({"type": "websocket.close", "code": ending.code, "reason": reason})
