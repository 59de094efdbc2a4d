"""WebSocket and RFB by hand, as quick as Python is, for bench.bridge."""

from __future__ import annotations

import base64
import os
import socket
import struct
import time

OPENING = b"RFB 003.008\n"


class Channel:
    """Sends and receives on a Unix socket, or through a WebSocket on a port."""

    def __init__(self, where: int | str) -> None:
        if isinstance(where, str):
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.connect(where)
        else:
            self._socket = socket.create_connection(("127.0.0.1", where))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._framed = isinstance(where, int)
        self._buffer = bytearray(1 << 20)
        self._waiting = bytearray()
        self._unread = b""
        self._left = 0  # of the frame that is being read
        if self._framed:
            self._upgrade()

    def _upgrade(self) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            (
                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Protocol: binary\r\nSec-WebSocket-Key: {key}\r\n\r\n"
            ).encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._socket.recv(1)
        assert b" 101 " in head.split(b"\r\n")[0], head

    def send(self, data: bytes) -> None:
        if self._framed:  # masked by zeros, which masks nothing
            data = struct.pack(">BBI", 0x82, 0x80 | len(data), 0) + data
        self._socket.sendall(data)

    def receive(self) -> bytes:
        """Return some bytes of the stream, without frames; empty at the end."""
        while True:
            if not self._framed:
                return self._socket.recv(1 << 20)
            if self._left == 0 and not self._next_frame():
                return b""
            if self._left:
                return self._some()

    def _some(self) -> bytes:
        if not self._waiting:
            self._waiting += self._socket.recv(1 << 20)
        taken = bytes(self._waiting[: self._left])
        del self._waiting[: self._left]
        self._left -= len(taken)
        return taken

    def _next_frame(self) -> bool:
        head = self._exactly(2)
        if head is None or head[0] & 0x0F == 8:
            return False
        length = head[1] & 0x7F
        if length > 125:
            size = 2 if length == 126 else 8
            told = self._exactly(size)
            assert told is not None
            length = int.from_bytes(told, "big")
        self._left = length
        return True

    def _exactly(self, count: int) -> bytes | None:
        while len(self._waiting) < count:
            got = self._socket.recv(65536)
            if not got:
                return None
            self._waiting += got
        taken = bytes(self._waiting[:count])
        del self._waiting[:count]
        return taken

    def drain(self) -> int:
        """Count what comes until the other side hangs up, frames and all."""
        total = len(self._waiting) + len(self._unread)
        while count := self._socket.recv_into(self._buffer):
            total += count
        return total

    def open_rfb(self) -> None:
        """Go through the handshake, and leave nothing of it unread."""
        self._until(12)
        self.send(OPENING)
        self._until(2)
        self.send(b"\x01")
        self._until(4)
        self.send(b"\x01")
        head = self._until(24)
        self._until(int.from_bytes(head[20:24], "big"))

    def _until(self, count: int) -> bytes:
        got, self._unread = self._unread, b""
        while len(got) < count:
            some = self.receive()
            assert some, "the desktop hung up"
            got += some
        got, self._unread = got[:count], got[count:]
        return got

    def close(self) -> None:
        self._socket.close()


def key_times(channel: Channel, count: int) -> list[float]:
    """Press a key so often and return the seconds until a change of the picture came each time.

    The desktop shows a terminal that echoes what is typed.
    """
    channel.open_rfb()
    channel.send(struct.pack(">BxHi", 2, 1, 0))
    full = struct.pack(">BBHHHH", 3, 0, 0, 0, 800, 600)
    more = struct.pack(">BBHHHH", 3, 1, 0, 0, 800, 600)
    channel.send(full)
    while not _settled(channel, 0.5):
        pass
    times = []
    for number in range(count):
        channel.send(more)
        time.sleep(0.05)
        keysym = 0x61 if number % 2 == 0 else 0xFF08  # a letter, and taken back
        began = time.perf_counter()
        channel.send(_key(keysym, 1) + _key(keysym, 0))
        channel.receive()
        times.append(time.perf_counter() - began)
        while not _settled(channel, 0.03):
            pass
    return times


def _key(keysym: int, down: int) -> bytes:
    return struct.pack(">BBxxI", 4, down, keysym)


def _settled(channel: Channel, seconds: float) -> bool:
    channel._socket.settimeout(seconds)
    try:
        channel.receive()
    except TimeoutError:
        return True
    finally:
        channel._socket.settimeout(None)
    return False
