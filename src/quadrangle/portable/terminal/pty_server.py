"""Keeps a shell on a pty for viewers that come and go, on the socket that is standard input.

Run in the sandbox by `python -I -S -c`, so standard library only. One thread; no viewer holds up
another: one that does not read is sent the screen anew once it does.
"""

import contextlib
import fcntl
import os
import pty
import selectors
import signal
import socket
import struct
import sys
import termios
import time

from quadrangle.portable.terminal.protocol import (
    BadFrame,
    Decoder,
    Kind,
    encode,
    encode_size,
    size_of,
)
from quadrangle.portable.terminal.scrollback import Scrollback

SCROLLBACK_BYTES = 256 * 1024
BEHIND_BYTES = 1 << 20  # a viewer with more to come is sent the screen anew instead
INPUT_BYTES = 1 << 20  # typed, and not yet read by what runs
READ_BYTES = 64 * 1024
END_S = 2.0
PAUSE_S = 0.5  # before a shell that ended is started again
_AGAIN = b"\r\n[The shell ended. Here is a new one.]\r\n"


class Shell:
    """A login shell on a pty, started again whenever it ends."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self.columns, self.rows = 80, 24
        self.pid, self.master = self._start()
        self._typed = bytearray()

    def _start(self) -> tuple[int, int]:
        pid, master = pty.fork()
        if pid == 0:
            for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them
                signal.signal(number, signal.SIG_DFL)
            os.execvp(self._command[0], self._command)  # noqa: S606
        os.set_blocking(master, False)
        self._tell_size(master)
        return pid, master

    def restart(self) -> None:
        os.close(self.master)
        os.kill(self.pid, signal.SIGKILL)  # it may live on without its terminal
        os.waitpid(self.pid, 0)
        time.sleep(PAUSE_S)
        self._typed.clear()
        self.pid, self.master = self._start()

    def end(self) -> None:
        """Hang up, and give what runs a moment to save what it can."""
        os.close(self.master)
        deadline = time.monotonic() + END_S
        while time.monotonic() < deadline and _others_run():
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, os.WNOHANG)
            time.sleep(0.05)

    def read(self) -> bytes | None:
        """Return what it wrote; empty for nothing just now, None when it has ended."""
        try:
            return os.read(self.master, READ_BYTES) or None
        except BlockingIOError:
            return b""
        except OSError:  # EIO: nothing holds the other side any more
            return None

    @property
    def wants_input(self) -> bool:
        return bool(self._typed)

    def type(self, keys: bytes) -> None:
        if len(self._typed) + len(keys) <= INPUT_BYTES:
            self._typed += keys
        self.pass_on()

    def pass_on(self) -> None:
        """Hand over what was typed, as much as is taken now."""
        try:
            while self._typed:
                del self._typed[: os.write(self.master, self._typed[:4096])]
        except OSError:  # full, or just ended, which the next read tells
            return

    def resize(self, columns: int, rows: int) -> None:
        """Also of the same size: what draws on the whole screen draws it anew."""
        self.columns, self.rows = columns, rows
        self._tell_size(self.master)
        try:
            os.killpg(os.tcgetpgrp(self.master), signal.SIGWINCH)
        except OSError:
            return

    def _tell_size(self, master: int) -> None:
        size = struct.pack("HHHH", self.rows, self.columns, 0, 0)
        fcntl.ioctl(master, termios.TIOCSWINSZ, size)


def _others_run() -> bool:
    """Tell whether there is any process in the sandbox but its first and this one."""
    return bool({name for name in os.listdir("/proc") if name.isdigit()} - {"1", str(os.getpid())})


class Viewer:
    """One connection: what it still has to be sent, and what it said."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.connection = connection
        self.decoder = Decoder()
        self._sending = b""
        self._waiting = bytearray()

    @property
    def is_behind(self) -> bool:
        return len(self._waiting) > BEHIND_BYTES

    @property
    def has_more(self) -> bool:
        return bool(self._sending or self._waiting)

    def send(self, frame: bytes) -> None:
        self._waiting += frame

    def send_instead(self, frame: bytes) -> None:
        """Drop what waits, but not the rest of a frame that was begun."""
        self._waiting = bytearray(frame)

    def flush(self) -> None:
        """Send what is taken now, frame by frame. Raises OSError when it has gone."""
        while self.has_more:
            if not self._sending:
                (length,) = struct.unpack_from(">I", self._waiting, 1)
                self._sending = bytes(self._waiting[: 5 + length])
                del self._waiting[: 5 + length]
            try:
                sent = self.connection.send(self._sending)
            except BlockingIOError:
                return
            self._sending = self._sending[sent:]


class Server:
    def __init__(self, listener: socket.socket, command: list[str]) -> None:
        listener.setblocking(False)
        self._listener = listener
        self._shell = Shell(command)
        self._scrollback = Scrollback(SCROLLBACK_BYTES)
        self._viewers: list[Viewer] = []

    def run(self) -> None:
        """Serve until SIGTERM."""
        with contextlib.suppress(_Ended):
            while True:
                self._step()
        self._shell.end()

    def _step(self) -> None:
        ready = self._ready()
        if self._shell.master in ready:
            self._shell.pass_on()
            self._hear_shell()
        for viewer in list(self._viewers):
            if viewer.connection.fileno() in ready:
                self._hear(viewer)
        if self._listener.fileno() in ready:
            self._greet()
        for viewer in list(self._viewers):
            self._flush(viewer)

    def _ready(self) -> set[int]:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            wants = selectors.EVENT_WRITE if self._shell.wants_input else 0
            selector.register(self._shell.master, selectors.EVENT_READ | wants)
            for viewer in self._viewers:
                wants = selectors.EVENT_WRITE if viewer.has_more else 0
                selector.register(viewer.connection, selectors.EVENT_READ | wants)
            return {key.fd for key, _ in selector.select()}

    def _hear_shell(self) -> None:
        output = self._shell.read()
        if output is None:
            self._shell.restart()
            output = _AGAIN
        if not output:
            return
        self._scrollback.add(output)
        for viewer in self._viewers:
            viewer.send(encode(Kind.OUTPUT, output))
            if viewer.is_behind:
                viewer.send_instead(self._screen())

    def _hear(self, viewer: Viewer) -> None:
        try:
            received = viewer.connection.recv(READ_BYTES)
            if not received:
                raise ConnectionResetError
            for kind, payload in viewer.decoder.feed(received):
                self._obey(kind, payload)
        except BlockingIOError:
            return
        except (OSError, BadFrame):
            self._part_from(viewer)

    def _obey(self, kind: Kind, payload: bytes) -> None:
        if kind is Kind.INPUT:
            self._shell.type(payload)
        elif kind is Kind.RESIZE:
            self._shell.resize(*size_of(payload))
            for viewer in self._viewers:
                viewer.send(self._size())
        else:
            raise BadFrame("only the server sends this")

    def _greet(self) -> None:
        try:
            viewer = Viewer(self._listener.accept()[0])
        except OSError:  # it left again
            return
        self._viewers.append(viewer)
        viewer.send(self._size())
        viewer.send(self._screen())

    def _flush(self, viewer: Viewer) -> None:
        try:
            viewer.flush()
        except OSError:
            self._part_from(viewer)

    def _part_from(self, viewer: Viewer) -> None:
        viewer.connection.close()
        self._viewers.remove(viewer)

    def _size(self) -> bytes:
        return encode_size(Kind.SIZE, self._shell.columns, self._shell.rows)

    def _screen(self) -> bytes:
        return encode(Kind.SCREEN, self._scrollback.screen())


class _Ended(Exception):
    """SIGTERM came."""


def _end(*_: object) -> None:
    raise _Ended


def main() -> None:
    """Serve the listening socket that is standard input; arguments: the shell's command."""
    listener = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    signal.signal(signal.SIGTERM, _end)
    Server(listener, sys.argv[1:]).run()
