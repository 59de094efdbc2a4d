"""A WebSocket joined with a Unix socket, behind the real server and with real clients."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from quadrangle.http.streaming import line as lines
from quadrangle.http.streaming.bridge import Passage, TurnedAway, bridge
from quadrangle.http.streaming.line import FlowBroken, Line
from tests.serving import serving

KEPT_S = 0.2


class Plain:
    """Passes everything on but what it is told to choke on."""

    def from_client(self, data: bytes) -> bytes:
        if data == b"choke":
            raise FlowBroken("That cannot be passed on.")
        return data

    def from_server(self, data: bytes) -> bytes:
        return data

    def leave(self) -> bytes:
        return b"bye"


class Rig:
    """A server whose sockets lead to `far`, a function of reader and writer in this process."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "far"
        self.base = ""
        self.open: list[Line] = []
        self.ended = 0
        self.away: lines.Ending | None = None
        self.away_when_open: lines.Ending | None = None
        self.heard = bytearray()
        self.hung_up = asyncio.Event()
        self.origins = frozenset({"https://campus.example"})

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await bridge(
                scope,
                receive,
                send,
                self._admit,
                origins=self.origins,
                keep_alive_s=KEPT_S,
                heard_within_s=4 * KEPT_S,
            )

    async def _admit(self, scope: Any) -> Passage:
        if self.away:
            raise TurnedAway(self.away)
        return Passage(self.socket, Plain(), self._opened, self._closed)

    async def _opened(self, line: Line) -> None:
        if self.away_when_open:
            raise TurnedAway(self.away_when_open)
        self.open.append(line)

    async def _closed(self, line: Line) -> None:
        self.ended += 1

    async def echo(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                self.heard += data
                writer.write(data)
                await writer.drain()
        self.hung_up.set()
        writer.close()

    def connect(self, **options: Any) -> connect:
        return connect(f"ws://{self.base}/desktop", max_size=None, ping_interval=None, **options)


Far = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


@contextlib.asynccontextmanager
async def rig_with(folder: Path, far: Far | None = None) -> AsyncIterator[Rig]:
    rig = Rig(folder)
    server = await asyncio.start_unix_server(far or rig.echo, rig.socket)
    async with serving(rig.app) as rig.base:
        yield rig
    server.close()


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig_with(tmp_path) as made:
        yield made


async def ending_of(client: ClientConnection) -> tuple[int, str]:
    """Read to the end and return why it came."""
    try:
        while True:
            await asyncio.wait_for(client.recv(), 20)
    except ConnectionClosed as closed:
        assert closed.rcvd is not None
        return closed.rcvd.code, closed.rcvd.reason


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("waited in vain")


async def received(client: ClientConnection, size: int) -> bytes:
    got = bytearray()
    while len(got) < size:
        got += await asyncio.wait_for(client.recv(), 20)
    return bytes(got)


async def test_bytes_pass_in_both_directions_and_in_order(rig: Rig):
    sent = os.urandom(3_000_000)
    async with rig.connect() as client:
        for place in range(0, len(sent), 300_000):
            await client.send(sent[place : place + 300_000])
        assert await received(client, len(sent)) == sent
    await asyncio.wait_for(rig.hung_up.wait(), 20)
    assert rig.heard[-3:] == b"bye", "the other side hears what is due when the client goes"
    await until(lambda: rig.ended == 1)


async def test_nothing_is_compressed(rig: Rig):
    async with rig.connect(compression="deflate") as client:
        assert client.protocol.extensions == []


@pytest.mark.parametrize(
    ("offered", "spoken"),
    [
        (None, None),
        (["binary"], "binary"),
        (["binary", "quadrangle"], "quadrangle"),
        (["chat"], None),
    ],
)
async def test_a_sub_protocol_is_spoken_only_where_it_was_offered(rig: Rig, offered, spoken):
    async with rig.connect(subprotocols=offered) as client:
        assert client.subprotocol == spoken


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "https://campus.example.evil.example", "campus.example"],
)
async def test_a_page_of_a_foreign_origin_is_refused_before_anything_else(rig: Rig, origin):
    rig.away = lines.NO_TICKET
    with pytest.raises(InvalidStatus) as caught:
        async with rig.connect(origin=origin):
            pass
    assert caught.value.response.status_code == 403
    assert not rig.open


async def test_our_own_pages_those_of_the_settings_and_programs_are_let_in(rig: Rig):
    for origin in (f"http://{rig.base}", "https://campus.example", None):
        async with rig.connect(origin=origin) as client:
            await client.send(b"hello")
            assert await received(client, 5) == b"hello"


async def test_who_is_turned_away_reads_why(rig: Rig):
    rig.away = lines.NO_TICKET
    async with rig.connect() as client:
        assert await ending_of(client) == (4401, lines.NO_TICKET.reason)
    rig.away, rig.away_when_open = None, lines.OVER
    async with rig.connect() as client:
        assert await ending_of(client) == (4410, lines.OVER.reason)
    await until(lambda: rig.ended == 1)


async def test_a_desktop_that_is_not_there_is_said_to_be_so(rig: Rig):
    rig.socket = rig.socket.with_name("nowhere")
    async with rig.connect() as client:
        assert (await ending_of(client))[0] == 1013


async def test_a_desktop_that_hangs_up_ends_the_connection(tmp_path: Path):
    async def far(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"last words")
        writer.close()

    async with rig_with(tmp_path, far) as rig, rig.connect() as client:
        assert await received(client, 10) == b"last words"
        assert await ending_of(client) == (4502, lines.HUNG_UP.reason)


async def test_what_cannot_be_passed_on_ends_the_connection_with_the_reason(rig: Rig):
    async with rig.connect() as client:
        await client.send(b"choke")
        assert await ending_of(client) == (1008, "That cannot be passed on.")


async def test_a_giant_frame_ends_the_connection(rig: Rig):
    async with rig.connect() as client:
        await client.send(bytes(lines.MAX_FRAME + 1))
        assert (await ending_of(client))[0] == 1009
    assert not rig.heard.strip(b"bye")


@pytest.mark.parametrize("text", ["hello", '{"ping": "x"}', '{"ping": 1}' + " " * 2000, "[]"])
async def test_other_texts_end_the_connection(rig: Rig, text):
    async with rig.connect(subprotocols=["quadrangle"]) as client:
        await client.send(text)
        assert (await ending_of(client))[0] == 1003


async def test_clients_that_did_not_offer_texts_may_send_none(rig: Rig):
    async with rig.connect(subprotocols=["binary"]) as client:
        await client.send('{"ping": 1}')
        assert (await ending_of(client))[0] == 1003


async def test_a_ping_is_answered_and_notes_come_between(rig: Rig):
    async with rig.connect(subprotocols=["quadrangle"]) as client:
        await client.send('{"ping": 12.5}')
        assert json.loads(await client.recv()) == {"pong": 12.5}
        rig.open[0].tell({"right": "watch"})
        assert json.loads(await client.recv()) == {"right": "watch"}
    async with rig.connect() as client:
        await until(lambda: len(rig.open) == 2)
        rig.open[1].tell({"right": "watch"})
        await client.send(b"only the stream")
        assert await received(client, 15) == b"only the stream"


async def test_a_silent_connection_is_kept_open_by_empty_frames(rig: Rig):
    async with rig.connect() as client:
        assert [await asyncio.wait_for(client.recv(), 20) for _ in range(8)] == [b""] * 8
        await client.send(b"still here")
        assert await received(client, 10) == b"still here"


async def test_a_page_that_is_no_longer_heard_of_is_let_go(rig: Rig):
    async with rig.connect(subprotocols=["quadrangle"]) as client:
        assert await ending_of(client) == (4408, lines.NOT_HEARD.reason)


async def test_a_connection_is_ended_from_outside_at_once(rig: Rig):
    async with rig.connect() as client:
        await client.send(b"x")
        await received(client, 1)
        rig.open[0].end(lines.WITHDRAWN)
        assert await ending_of(client) == (4403, lines.WITHDRAWN.reason)
    await asyncio.wait_for(rig.hung_up.wait(), 20)


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send without end, and count what was taken."""
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(bytes(65536))
            await writer.drain()
            flood.taken += 65536  # type: ignore[attr-defined]


async def test_a_client_that_takes_nothing_in_holds_nobody_up_and_little_memory(tmp_path: Path):
    flood.taken = 0  # type: ignore[attr-defined]
    async with rig_with(tmp_path, flood) as rig:
        slow = rig.connect(max_queue=1)
        client = await slow
        client.transport.pause_reading()
        taken = -1
        while taken != flood.taken:  # type: ignore[attr-defined]
            taken = flood.taken  # type: ignore[attr-defined]
            await asyncio.sleep(0.5)
        assert taken < 16_000_000, "what waits is bounded by buffers of the system and by ours"
        async with rig.connect() as other:
            assert len(await received(other, 5_000_000)) >= 5_000_000
        rig.open[0].end(lines.WITHDRAWN)
        await until(lambda: rig.ended == 2)
        client.transport.abort()


async def test_a_desktop_that_takes_nothing_in_holds_the_client_back(tmp_path: Path):
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with rig_with(tmp_path, deaf) as rig, rig.connect() as client:
        sent = 0
        with contextlib.suppress(TimeoutError):
            while sent < 200_000_000:
                await asyncio.wait_for(client.send(bytes(262_144)), 2)
                sent += 262_144
        assert sent < 32_000_000
        rig.open[0].end(lines.OVER)
        assert (await ending_of(client))[0] == 4410


async def test_a_client_that_vanishes_frees_the_desktop(rig: Rig):
    client = await rig.connect()
    await client.send(b"x")
    await until(lambda: bytes(rig.heard) == b"x")
    client.transport.abort()
    await asyncio.wait_for(rig.hung_up.wait(), 20)
    await until(lambda: rig.ended == 1)
