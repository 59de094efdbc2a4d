"""Asks a desktop or terminal whether it answers: a process that exists may be dead inside."""

import asyncio
import struct
from collections.abc import Awaitable, Callable

from quadrangle.meetings.model import Workspace

PATIENCE_S = 2.0
_NONE = 1  # the security type
_Greeting = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bool]]
_SIZE = 17  # the first a terminal says (quadrangle.portable.terminal.protocol)


async def answers(address: str, workspace: Workspace) -> bool:
    """Tell whether what listens at the socket `address` completes a handshake within 2 s.

    A whole one: Xvnc holds it against callers who leave before. Nobody else is disconnected.
    """
    greet = _shake_hands if workspace is Workspace.DESKTOP else _hear_greeting
    try:
        return await asyncio.wait_for(_asked(address, greet), PATIENCE_S)
    except (OSError, EOFError, TimeoutError):
        return False


async def _asked(address: str, greet: _Greeting) -> bool:
    reader, writer = await asyncio.open_unix_connection(address)
    try:
        return await greet(reader, writer)
    finally:
        writer.close()


async def _shake_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """RFB 3.8 (RFC 6143) up to the server's name of the desktop."""
    if not (await reader.readexactly(12)).startswith(b"RFB 003."):
        return False
    writer.write(b"RFB 003.008\n")
    (kinds,) = await reader.readexactly(1)
    if _NONE not in await reader.readexactly(kinds):
        return False
    writer.write(bytes([_NONE]))
    if await reader.readexactly(4) != bytes(4):
        return False
    writer.write(b"\x01")  # shared
    width, height = struct.unpack(">HH16x", await reader.readexactly(20))
    (length,) = struct.unpack(">I", await reader.readexactly(4))
    await reader.readexactly(min(length, 1024))
    return width > 0 and height > 0


async def _hear_greeting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    kind, length = struct.unpack(">BI", await reader.readexactly(5))
    return kind == _SIZE and length == 4
