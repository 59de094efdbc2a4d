"""The handshake of an RFB connection as a client: version 3.8, no password, the desktop shared."""

import asyncio
from typing import NamedTuple

from quadrangle.portable.rfb import pixel_format
from quadrangle.portable.rfb.errors import ProtocolViolation
from quadrangle.portable.rfb.pixel_format import PixelFormat, read_pixel_format

VERSION = b"RFB 003.008\n"
NONE = 1  # the security type without a password
SHARED = b"\x01"  # others who look at the desktop stay connected
INIT_LENGTH = 4 + pixel_format.LENGTH + 4  # bytes of ServerInit before the name
MAX_NAME = 4096  # bytes of a desktop's name
MAX_REASON = 512  # bytes that are read of why a server refuses


class ServerInit(NamedTuple):
    """What a server says of its desktop, sizes in pixels."""

    width: int
    height: int
    pixels: PixelFormat


async def shake_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> ServerInit:
    """Open the connection. How long to wait is for the caller to say.

    Raises ProtocolViolation when the other side is no such server or refuses, and
    asyncio.IncompleteReadError when it hangs up.
    """
    check_version(await reader.readexactly(len(VERSION)))
    writer.write(VERSION)
    count = (await reader.readexactly(1))[0]
    if count == 0:
        length = int.from_bytes(await reader.readexactly(4), "big")
        raise refused(await reader.readexactly(min(length, MAX_REASON)))
    check_types(await reader.readexactly(count))
    writer.write(bytes([NONE]))
    check_result(await reader.readexactly(4))
    writer.write(SHARED)
    head = await reader.readexactly(INIT_LENGTH)
    await reader.readexactly(name_length(head))
    return read_init(head)


def check_version(version: bytes) -> None:
    if version != VERSION:
        raise ProtocolViolation("The desktop does not speak RFB 3.8.")


def check_types(offered: bytes) -> None:
    if NONE not in offered:
        raise ProtocolViolation("The desktop asks for a password.")


def check_result(result: bytes) -> None:
    if any(result):
        raise ProtocolViolation("The desktop refuses the connection.")


def refused(reason: bytes) -> ProtocolViolation:
    told = reason.decode(errors="replace")
    return ProtocolViolation(f"The desktop refuses the connection: {told}")


def name_length(head: bytes) -> int:
    """Return the length of the name after the first bytes of ServerInit."""
    length = int.from_bytes(head[-4:], "big")
    if length > MAX_NAME:
        raise ProtocolViolation("The desktop's name is too long.")
    return length


def read_init(head: bytes) -> ServerInit:
    """Read the first INIT_LENGTH bytes of ServerInit."""
    width, height = int.from_bytes(head[:2], "big"), int.from_bytes(head[2:4], "big")
    return ServerInit(width, height, read_pixel_format(head[4 : 4 + pixel_format.LENGTH]))
