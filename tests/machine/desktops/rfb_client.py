"""A small RFB client: takes a picture of a desktop, types and clicks. Raw encoding only."""

import socket
import struct
import time
from pathlib import Path

from PIL import Image

RETURN = 0xFF0D
# encodings; without the second one TigerVNC 1.12 aborts when the size changes
_RAW, _SIZE = 0, -308


class RfbClient:
    """One connection to a desktop's socket, security type None, shared with others."""

    def __init__(self, path: Path | str, timeout_s: float = 10) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout_s)
        self._socket.connect(str(path))
        assert self._receive(12).startswith(b"RFB 003.")
        self._socket.sendall(b"RFB 003.008\n")
        assert 1 in self._receive(self._receive(1)[0])
        self._socket.sendall(b"\x01")
        assert self._receive(4) == bytes(4)
        self._socket.sendall(b"\x01")
        self.width, self.height = struct.unpack(">HH", self._receive(4))
        self._receive(16)
        (length,) = struct.unpack(">I", self._receive(4))
        self.name = self._receive(length).decode()
        pixel_format = struct.pack(">BBBBHHHBBB3x", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
        self._socket.sendall(b"\x00\0\0\0" + pixel_format)
        self._socket.sendall(struct.pack(">BxHii", 2, 2, _RAW, _SIZE))

    def picture(self) -> Image.Image:
        """Return what the desktop shows now."""
        image = Image.new("RGB", (self.width, self.height))
        missing = self.width * self.height
        self._ask(anew=True)
        while missing > 0:
            drawn = self._update(image)
            missing -= drawn
            if not drawn:  # the answer was the size alone, and what is wanted is still to come
                self._ask(anew=False)
        return image

    def _ask(self, *, anew: bool) -> None:
        self._socket.sendall(struct.pack(">BBHHHH", 3, not anew, 0, 0, self.width, self.height))

    def type(self, text: str) -> None:
        """Press and release the keys of `text`; a line's end is Return."""
        for sign in text:
            self.press(RETURN if sign == "\n" else ord(sign))

    def press(self, keysym: int) -> None:
        for down in (1, 0):
            self._socket.sendall(struct.pack(">BBxxI", 4, down, keysym))
        time.sleep(0.005)

    def click(self, x: int, y: int, times: int = 1) -> None:
        for _ in range(times):
            for mask in (0, 1, 0):
                self._socket.sendall(struct.pack(">BBHH", 5, mask, x, y))

    def resize(self, width: int, height: int) -> None:
        """Ask for another size of the screen; whether it came about, a new connection shows."""
        screen = struct.pack(">IHHHHI", 0, 0, 0, width, height, 0)
        self._socket.sendall(struct.pack(">BxHHBx", 251, width, height, 1) + screen)

    def close(self) -> None:
        self._socket.close()

    def _update(self, image: Image.Image) -> int:
        kind = self._receive(1)[0]
        if kind == 2:  # bell
            return 0
        if kind == 3:  # the clipboard
            self._receive(struct.unpack(">3xI", self._receive(7))[0])
            return 0
        assert kind == 0, kind
        (rectangles,) = struct.unpack(">xH", self._receive(3))
        return sum(self._rectangle(image) for _ in range(rectangles))

    def _rectangle(self, image: Image.Image) -> int:
        x, y, width, height, encoding = struct.unpack(">HHHHi", self._receive(12))
        if encoding == _SIZE:
            (screens,) = struct.unpack(">B3x", self._receive(4))
            self._receive(16 * screens)
            return 0
        assert encoding == _RAW
        raw = self._receive(width * height * 4)
        image.paste(Image.frombytes("RGB", (width, height), raw, "raw", "BGRX"), (x, y))
        return width * height

    def _receive(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            part = self._socket.recv(min(count - len(parts), 1 << 20))
            assert part, "the desktop closed the connection"
            parts += part
        return bytes(parts)
