"""One viewer of a terminal, as the bridge is one: types, and reads what is shown."""

import contextlib
import secrets
import socket
import time
from pathlib import Path

from quadrangle.portable.terminal.protocol import Decoder, Kind, encode, encode_size, size_of


class TerminalClient:
    def __init__(self, path: Path | str, timeout_s: float = 20) -> None:
        self._timeout_s = timeout_s
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout_s)
        self._socket.connect(str(path))
        self._decoder = Decoder()
        self.shown = b""
        self.size = (0, 0)

    def run(self, command: str) -> str:
        """Type a command and return what it says, once it is done."""
        number = secrets.token_hex(4)
        mark = f"done-{number}-"
        # Typed in two parts, so that the mark is not found in the echo of what was typed.
        self.type(f"{command}\necho do''ne-{number}-$?-\n")
        before = len(self.shown)
        self.wait_for(mark)
        return self.shown[before:].decode(errors="replace")

    def type(self, text: str) -> None:
        self._socket.sendall(encode(Kind.INPUT, text.encode()))

    def resize(self, columns: int, rows: int) -> None:
        self._socket.sendall(encode_size(Kind.RESIZE, columns, rows))

    def send(self, raw: bytes) -> None:
        self._socket.sendall(raw)

    def wait_for(self, text: str) -> None:
        """Read until `text` was shown. Raises TimeoutError, EOFError."""
        deadline = time.monotonic() + self._timeout_s
        while text.encode() not in self.shown:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{text!r} was not shown: {self.shown[-2000:]!r}")
            self.read()

    def read(self) -> None:
        """Take in what comes next."""
        received = self._socket.recv(65536)
        if not received:
            raise EOFError
        for kind, payload in self._decoder.feed(received):
            if kind is Kind.SIZE:
                self.size = size_of(payload)
            elif kind is Kind.SCREEN:
                self.shown = payload
            else:
                self.shown += payload

    def read_to_the_end(self) -> None:
        """Read until the server ends the connection. Raises TimeoutError when it does not."""
        with contextlib.suppress(EOFError, ConnectionResetError):
            while True:
                self.read()

    def close(self) -> None:
        self._socket.close()
