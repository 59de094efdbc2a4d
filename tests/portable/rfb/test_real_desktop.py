"""The gate before a real Xvnc, over WebSockets: what a watcher sends, one byte per frame, changes
nothing, and the picture flows on."""

import asyncio
import contextlib
import struct
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from quadrangle.http.streaming.bridge import Passage, bridge
from quadrangle.http.streaming.line import Line
from quadrangle.meetings.model import Right
from quadrangle.portable.rfb.filter import Gate
from quadrangle.portable.rfb.handshake import shake_hands
from quadrangle.portable.rfb.pixel_format import PixelFormat
from tests.portable.rfb import streams
from tests.serving import serving
from tests.x11 import held_down
from tests.xvnc import NO_XVNC, Xvnc, is_installed

pytestmark = pytest.mark.skipif(not is_installed(), reason=NO_XVNC)
SECRET = "the student's own wörds Ω"
PROVIDE, REQUEST, NOTIFY, CAPS, TEXT = 1 << 28, 1 << 25, 1 << 27, 1 << 24, 1
SHIFT, LETTER_A = 0xFFE1, 0x61


@pytest.fixture(scope="module")
def xvnc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Xvnc]:
    started = Xvnc(tmp_path_factory.mktemp("xvnc")).start()
    yield started
    started.stop()


class Side:
    """One person's way to the desktop, and what came on it."""

    def __init__(self, client: ClientConnection, gate: Gate, wanted: tuple[int, ...]) -> None:
        self.client = client
        self.gate = gate
        self.got = bytearray()
        self.uncompressed = tuple(each for each in wanted if each not in (1, 7, 16))
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.client:
            assert isinstance(message, bytes)
            self.got += message

    async def send(self, *messages: bytes, by_bytes: bool = False) -> None:
        for message in messages:
            pieces = [bytes([byte]) for byte in message] if by_bytes else [message]
            for piece in pieces:
                await self.client.send(piece)

    async def sees(self, xvnc: Xvnc) -> bool:
        """Change the whole screen, ask for it as it is, and tell whether it came."""
        xvnc.ask("xsetroot", "-solid", "red")
        before = len(self.got)
        await self.send(streams.encodings(*self.uncompressed))
        for incremental in (0, 1):  # the first answer is about the screen, without a picture
            await self.send(streams.update_request(incremental=incremental))
            await settled(self)
        xvnc.ask("xsetroot", "-solid", "black")
        red = b"\0\0\xff\0"
        return bytes(self.got[before:]).count(red) > 100_000


class Desk:
    """Opens ways to one Xvnc through bridge and gate."""

    def __init__(self, xvnc: Xvnc) -> None:
        self.xvnc = xvnc
        self.base = ""
        self.sides: list[Side] = []
        self._next = Gate(Right.WATCH, owner=False)
        self.lines: list[Line] = []

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await bridge(scope, receive, send, self._admit)

    async def _admit(self, scope: Any) -> Passage:
        async def opened(line: Line) -> None:
            self.lines.append(line)

        async def closed(line: Line) -> None:
            self.lines.remove(line)

        return Passage(self.xvnc.socket, self._next, opened, closed)

    async def open(self, right: Right, *, owner: bool = False, wanted: tuple[int, ...]) -> Side:
        gate = self._next = Gate(right, owner=owner)
        client = await connect(f"ws://{self.base}/", max_size=None, max_queue=None)
        side = Side(client, gate, wanted)
        await side.send(streams.CLIENT_OPENING, by_bytes=True)
        await until(lambda: len(side.got) > 42)
        await side.send(b"\0\0\0\0" + streams.FORMAT, streams.encodings(*wanted))
        await settled(side)
        self.sides.append(side)
        return side

    async def change(self, side: Side, right: Right) -> None:
        line = next(line for line in self.lines if line.flow is side.gate)
        line.to_server(side.gate.set_right(right))
        await asyncio.sleep(0.2)


@pytest.fixture
async def desk(xvnc: Xvnc) -> AsyncIterator[Desk]:
    opened = Desk(xvnc)
    async with serving(opened.app) as opened.base:
        yield opened
        for side in opened.sides:
            await side.client.close()


async def until(condition) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("waited in vain")


async def settled(side: Side) -> None:
    """Wait until nothing more comes."""
    before = -1
    while before != len(side.got):
        before = len(side.got)
        await asyncio.sleep(0.3)


PLAIN_CLIPBOARD = (7, 0)
EXTENDED_CLIPBOARD = (7, 16, 1, 0, -308, -223, -224, -258, 0xC0A1E5CE - 2**32)


def mischief() -> list[bytes]:
    return [
        streams.key(LETTER_A, True),
        streams.key(SHIFT, True),
        streams.qemu_key(LETTER_A, 30, True),
        streams.pointer(1, 17, 23),
        streams.pointer(0x81, 400, 300),
        streams.cut_text(b"planted"),
        streams.clipboard(CAPS | PROVIDE | NOTIFY | TEXT, struct.pack(">I", 1 << 20)),
        streams.desktop_size(320, 200),
        struct.pack(">BxBB", 250, 1, 2),
        streams.clipboard(NOTIFY | TEXT),  # Xvnc would wait for the rest of it
    ]


async def test_xvnc_speaks_as_we_think(xvnc: Xvnc):
    reader, writer = await asyncio.open_unix_connection(xvnc.socket)
    assert await shake_hands(reader, writer) == (640, 480, PixelFormat(4, 3))
    writer.close()


async def state_of(xvnc: Xvnc) -> tuple[Any, ...]:
    await asyncio.sleep(0.3)
    return xvnc.pointer(), xvnc.size(), xvnc.clipboard(), held_down(xvnc.display)


@pytest.mark.parametrize("by_bytes", [True, False])
async def test_nothing_a_watcher_sends_changes_the_desktop_and_the_picture_flows(
    desk: Desk, by_bytes: bool
):
    watcher = await desk.open(Right.WATCH, wanted=EXTENDED_CLIPBOARD)
    desk.xvnc.copy("as it was")
    before = await state_of(desk.xvnc)
    await watcher.send(*mischief(), by_bytes=by_bytes)
    assert await watcher.sees(desk.xvnc)
    assert await state_of(desk.xvnc) == before
    assert before[3] == (0, 0)


async def test_the_same_in_control_changes_all_of_it(desk: Desk):
    """So that the test before cannot pass for another reason."""
    owner = await desk.open(Right.CONTROL, owner=True, wanted=(7, 0, -308))
    before = await state_of(desk.xvnc)
    await owner.send(*mischief()[:-2], by_bytes=True)
    after = await state_of(desk.xvnc)
    assert all(one != other for one, other in zip(before, after, strict=True)), after
    await owner.send(streams.desktop_size(640, 480))
    await owner.client.close()
    assert (await state_of(desk.xvnc))[3] == (0, 0), "who goes lets go"


async def test_what_a_helper_types_arrives_until_the_right_is_withdrawn(desk: Desk, tmp_path: Path):
    typed = tmp_path / "typed"
    desk.xvnc.run("xterm", "-geometry", "80x24+0+0", "-e", "sh", "-c", f"cat > {typed}")
    await until(typed.exists)
    helper = await desk.open(Right.CONTROL, wanted=EXTENDED_CLIPBOARD)
    await helper.send(streams.pointer(0, 100, 100))
    await asyncio.sleep(0.3)
    await helper.send(*(press for sign in b"hello\r" for press in strokes(sign)), by_bytes=True)
    await until(lambda: typed.read_text() == "hello\n")

    await helper.send(streams.qemu_key(SHIFT, 42, True), streams.pointer(1, 100, 100))
    await until(lambda: held_down(desk.xvnc.display) == (1, 1))
    await helper.send(streams.desktop_size(320, 200))
    await desk.change(helper, Right.WATCH)
    assert held_down(desk.xvnc.display) == (0, 0)
    await helper.send(*(press for sign in b"no\r" for press in strokes(sign)), by_bytes=True)
    assert await helper.sees(desk.xvnc)
    assert typed.read_text() == "hello\n"
    assert desk.xvnc.size() == "640 480"


def strokes(sign: int) -> tuple[bytes, bytes]:
    keysym = 0xFF0D if sign == 13 else sign
    return streams.key(keysym, True), streams.key(keysym, False)


@pytest.mark.parametrize("wanted", [PLAIN_CLIPBOARD, EXTENDED_CLIPBOARD])
async def test_a_watcher_never_gets_the_clipboard_and_a_helper_and_the_owner_do(desk: Desk, wanted):
    watcher = await desk.open(Right.WATCH, wanted=wanted)
    helper = await desk.open(Right.CONTROL, wanted=wanted)
    owner = await desk.open(Right.CONTROL, owner=True, wanted=wanted)
    caps = streams.clipboard(CAPS | PROVIDE | NOTIFY | REQUEST | TEXT, struct.pack(">I", 1 << 20))
    for side in (watcher, helper, owner):
        if wanted is EXTENDED_CLIPBOARD:
            await side.send(caps)
    desk.xvnc.copy(SECRET)
    await asyncio.sleep(0.5)
    await watcher.send(streams.clipboard(REQUEST | TEXT))
    for side in (watcher, helper, owner):
        await settled(side)
    assert texts_in(helper) == texts_in(owner) != []
    assert SECRET[:20] in " ".join(texts_in(helper))
    assert texts_in(watcher) == []
    assert b"student" not in bytes(watcher.got)
    assert await watcher.sees(desk.xvnc)

    await desk.change(watcher, Right.CONTROL)
    desk.xvnc.copy("now it may")
    await until(lambda: texts_in(watcher) == ["now it may"])


def texts_in(side: Side) -> list[str]:
    """Find the texts of the clipboard in all that came, without following it."""
    found: list[str] = []
    got = bytes(side.got)
    for place in range(len(got) - 8):
        if got[place : place + 4] != b"\x03\0\0\0":
            continue
        length = struct.unpack(">i", got[place + 4 : place + 8])[0]
        body = got[place + 8 : place + 8 + abs(length)]
        if len(body) != abs(length):
            continue
        if 0 < length < 1000:
            found.append(body.decode("latin-1"))
        elif -1000 < length < -4 and struct.unpack(">I", body[:4])[0] & PROVIDE:
            with contextlib.suppress(zlib.error):
                text = zlib.decompressobj().decompress(body[4:])[4:]
                found.append(text.rstrip(b"\0").decode())
    return found
