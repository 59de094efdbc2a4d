"""Tells every process of the installation that something was committed.

A signal carries nothing and may come once for many commits; whoever gets it looks into the
database. On SQLite it travels by datagram sockets in a folder, on PostgreSQL by LISTEN/NOTIFY.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import structlog

log = structlog.get_logger(__name__)
Callback = Callable[[], None]


class Signal(Protocol):
    """`send` may be called from any thread; callbacks run on the event loop that listens."""

    def send(self) -> None: ...

    async def listen(self, callback: Callback) -> None: ...

    async def close(self) -> None: ...


class _LocalListeners:
    """The callbacks of this process. Many signals before the loop turns make one call."""

    def __init__(self) -> None:
        self._callbacks: list[Callback] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pending = False

    def add(self, callback: Callback) -> None:
        self._loop = asyncio.get_running_loop()
        self._callbacks.append(callback)

    def notify(self) -> None:
        if self._loop is None or self._pending or self._loop.is_closed():
            return
        self._pending = True
        with contextlib.suppress(RuntimeError):  # the loop closed meanwhile: nobody waits
            self._loop.call_soon_threadsafe(self._run)

    def _run(self) -> None:
        self._pending = False
        for callback in self._callbacks:
            callback()


class NoSignal:
    """For a single process: reaches its own listeners only."""

    def __init__(self) -> None:
        self._listeners = _LocalListeners()

    def send(self) -> None:
        self._listeners.notify()

    async def listen(self, callback: Callback) -> None:
        self._listeners.add(callback)

    async def close(self) -> None:
        return


class NotedSignal:
    """For a process that looks by itself: notes that something was committed until it has."""

    def __init__(self) -> None:
        self._sent = False

    def send(self) -> None:
        self._sent = True

    def take(self) -> bool:
        """Tell whether something was committed since this was asked last."""
        sent, self._sent = self._sent, False
        return sent

    async def listen(self, callback: Callback) -> None:
        """Nobody is called."""

    async def close(self) -> None:
        return


class SocketSignal:
    """Datagrams between the processes of one machine; each listener has a socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listeners = _LocalListeners()
        self._own: socket.socket | None = None
        self._own_name = ""
        # Looking into the folder for every group of writes would cost more than sending. Whoever
        # begins to listen says so, and what it says makes us look again.
        self._peers: list[Path] | None = None
        self._out = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._out.setblocking(False)
        self._folder_fd: int | None = None

    def _address(self, path: Path) -> str:
        """Return a short address of a socket in the folder.

        The system allows 107 bytes, which a deep data folder exceeds; by the open folder's number
        it always fits. Without /proc the path itself has to do.
        """
        if self._folder_fd is None:
            self._folder_fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        opened = f"/proc/self/fd/{self._folder_fd}"
        return f"{opened}/{path.name}" if os.path.isdir(opened) else str(path)

    def send(self) -> None:
        self._listeners.notify()
        self._tell_others()

    def _tell_others(self) -> None:
        peers = self._peers
        if peers is None or self._own is None:
            peers = self._peers = self._look_for_peers()
        for path in peers:
            self._send_to(path)

    def _look_for_peers(self) -> list[Path]:
        try:
            names = os.listdir(self._folder)
        except FileNotFoundError:
            return []
        return [self._folder / n for n in names if n != self._own_name and n.endswith(".sock")]

    def _send_to(self, path: Path) -> None:
        try:
            self._out.sendto(b"!", self._address(path))
        except BlockingIOError:
            pass  # its buffer is full of signals it has yet to read: it will look
        except (ConnectionRefusedError, FileNotFoundError):
            # its process is gone
            self._peers = None
            with contextlib.suppress(FileNotFoundError):
                path.unlink()

    async def listen(self, callback: Callback) -> None:
        self._listeners.add(callback)
        if self._own is not None:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._own_name = f"{os.getpid()}-{id(self):x}.sock"
        own = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        own.setblocking(False)
        own.bind(self._address(self._folder / self._own_name))
        asyncio.get_running_loop().add_reader(own, self._received)
        self._own = own
        self._tell_others()

    def _received(self) -> None:
        assert self._own is not None
        with contextlib.suppress(BlockingIOError):
            while self._own.recv(16):
                pass
        self._peers = None
        self._listeners.notify()

    async def close(self) -> None:
        if self._own is not None:
            asyncio.get_running_loop().remove_reader(self._own)
            self._own.close()
            self._own = None
            with contextlib.suppress(FileNotFoundError):
                (self._folder / self._own_name).unlink()
        self._out.close()
        if self._folder_fd is not None:
            os.close(self._folder_fd)
            self._folder_fd = None


CHANNEL = "quadrangle"
RECONNECT_S = 1.0


class PostgresSignal:
    """LISTEN/NOTIFY on connections of its own. A lost server is tried again until it is back."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._listeners = _LocalListeners()
        self._task: asyncio.Task[None] | None = None
        self._out: Any = None

    def send(self) -> None:
        """Notify; runs in the writer thread, right after its commit."""
        import psycopg

        self._listeners.notify()
        try:
            if self._out is None or self._out.closed:
                self._out = psycopg.connect(self._conninfo, autocommit=True)
            self._out.execute(f"NOTIFY {CHANNEL}")
        except psycopg.OperationalError as error:
            self._out = None  # listeners look again by themselves when they reconnect
            log.warning("could not notify other processes", error=str(error))

    async def listen(self, callback: Callback) -> None:
        self._listeners.add(callback)
        if self._task is None:
            self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        import psycopg

        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._listeners.notify()  # something may have been missed meanwhile
                    async for _ in connection.notifies():
                        self._listeners.notify()
            except psycopg.OperationalError as error:
                log.warning("database away, listening again soon", error=str(error))
            await asyncio.sleep(RECONNECT_S)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._out is not None:
            self._out.close()
