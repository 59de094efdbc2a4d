"""A desktop that has a lot to show, for bench.bridge.

`python -m bench.bridge_far SOCKET MEGABYTES`. After the handshake of RFB it sends updates of
Tight rectangles as a busy screen makes them, mostly
pictures of some kilobytes, until so many megabytes are sent; then it hangs up.
"""

from __future__ import annotations

import random
import socket
import struct
import sys
import threading

FORMAT = struct.pack(">BBBBHHHBBB3x", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
INIT = struct.pack(">HH16sI", 1280, 800, FORMAT, 4) + b"busy"


def updates() -> bytes:
    """About a megabyte of updates, the same each time."""
    chance = random.Random(7)
    made = bytearray()
    while len(made) < 1_000_000:
        rects = [_rect(chance) for _ in range(chance.randint(1, 40))]
        made += struct.pack(">BxH", 0, len(rects)) + b"".join(rects)
    return bytes(made)


def _rect(chance: random.Random) -> bytes:
    head = struct.pack(">HHHHi", 0, 0, chance.randint(8, 256), chance.randint(8, 256), 7)
    if chance.random() < 0.3:
        return head + b"\x80abc"  # one colour
    length = chance.randint(500, 12_000)
    compact = bytes([length & 0x7F | 0x80, length >> 7])
    return head + b"\x90" + compact + chance.randbytes(length)


def serve(connection: socket.socket, megabytes: int, content: bytes) -> None:
    with connection:
        connection.sendall(b"RFB 003.008\n")
        _take(connection, 12)
        connection.sendall(b"\x01\x01")
        _take(connection, 1)
        connection.sendall(bytes(4))
        _take(connection, 1)
        connection.sendall(INIT)
        for _ in range(megabytes):
            connection.sendall(content)


def _take(connection: socket.socket, count: int) -> None:
    while count:
        count -= len(connection.recv(count))


def main(path: str, megabytes: int) -> None:
    content = updates()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, megabytes, content), daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
