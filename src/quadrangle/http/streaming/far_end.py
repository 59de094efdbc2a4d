"""The Unix socket at the far end of a bridge, read with as few copies as Python allows.

What came is handed over as soon as it is asked for. Meanwhile some more is read, so that it goes on
in one piece, as each costs the server below us much more than its bytes do; and then no more is, so
that a client that takes its time holds back the other side.
"""

import asyncio
from pathlib import Path
from typing import cast

PIECE = 512 * 1024  # the most bytes that wait to be handed over
FULL = PIECE - 16 * 1024
MOST_UNSENT = 256 * 1024  # bytes that may wait for the other side before `drained` waits


class FarEnd(asyncio.BufferedProtocol):
    """One connection. Every method raises ConnectionError when it has broken."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._buffer = memoryview(bytearray(PIECE))
        self._made: asyncio.Future[None] = loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._came = 0
        self._ended = False
        self._failure: BaseException | None = None
        self._news: asyncio.Future[None] = loop.create_future()
        self._room: asyncio.Event = asyncio.Event()
        self._room.set()

    @classmethod
    async def connect(cls, path: Path) -> "FarEnd":
        """Open a connection. Raises OSError."""
        _, far_end = await asyncio.get_running_loop().create_unix_connection(cls, str(path))
        await far_end._made  # uvloop gives it away before it has told the protocol
        return far_end

    async def read(self) -> bytes:
        """Return what came, empty at the end."""
        assert self._transport is not None
        if not self._came and not self._ended:
            self._news = asyncio.get_running_loop().create_future()
            await self._news
        if self._failure is not None:
            raise ConnectionError("The connection broke.") from self._failure
        came, self._came = bytes(self._buffer[: self._came]), 0
        if not self._ended and not self._transport.is_reading():
            self._transport.resume_reading()
        return came

    def write(self, data: bytes) -> None:
        """Send now, or as soon as that is possible."""
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    async def drained(self) -> None:
        """Wait until the other side has taken in enough of what was sent."""
        await self._room.wait()
        if self._failure is not None:
            raise ConnectionError("The connection broke.") from self._failure

    def close(self) -> None:
        """Send what is left and hang up."""
        if self._transport is not None:
            self._transport.close()

    # -- what the event loop calls ------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(MOST_UNSENT)
        self._made.set_result(None)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer[self._came :]

    def buffer_updated(self, nbytes: int) -> None:
        assert self._transport is not None
        self._came += nbytes
        if self._came >= FULL:
            self._transport.pause_reading()
        self._tell()

    def eof_received(self) -> None:
        self._ended = True
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._failure = exc
        self._room.set()
        self._tell()

    def pause_writing(self) -> None:
        self._room.clear()

    def resume_writing(self) -> None:
        self._room.set()

    def _tell(self) -> None:
        if not self._news.done():
            self._news.set_result(None)
