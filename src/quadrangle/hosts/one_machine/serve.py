"""One machine: the HTTP server in this process, the worker in a child of it."""

import asyncio
import contextlib
import errno
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from quadrangle.hosts.one_machine.connections import most_connections
from quadrangle.hosts.one_machine.settings import Settings

log = structlog.get_logger(__name__)

STOP_GRACE_S = 20.0
# From the first byte that may come to the end of the head, and so also between two requests:
# longer than proxies keep a quiet connection, which are to be the ones that end it.
HEAD_WITHIN_MS = 75_000
RESTART_DELAY_S = 1.0


class PortTaken(Exception):
    """The address is already in use."""


def check_port(settings: Settings) -> None:
    """Raise PortTaken when something else listens there, before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTaken(
                f"{settings.host}:{settings.port} cannot be used: {error.strerror}. "
                f"Set {_setting_at_fault(error)}."
            ) from error


def _setting_at_fault(error: OSError) -> str:
    if error.errno in (errno.EADDRINUSE, errno.EACCES):
        return "PORT to another number"
    return "QUADRANGLE_HOST to an address of this machine"


async def serve(
    app: Any,
    settings: Settings,
    *,
    on_ready: Callable[[], None],
    on_stopping: Callable[[], Any],
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was begun.

    `on_stopping` ends streams that would stay open; `on_ready` is called when requests are taken.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = http_server(app, settings)
    worker = asyncio.create_task(_keep_worker(stop)) if settings.worker == "on" else None
    running = asyncio.create_task(server.serve())
    await _wait_until_listening(settings, running)
    on_ready()
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await on_stopping()
    server.stop()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(running, STOP_GRACE_S)
    if worker is not None:
        await worker


def http_server(app: Any, settings: Settings, head_within_ms: int = HEAD_WITHIN_MS) -> Server:
    """Return what takes connections for `app`."""
    return Server(
        app,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        websockets=True,
        log_enabled=False,
        backlog=1024,
        # With HTTP/2 too it would wait for ever for the first byte, to see which of them it is.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=head_within_ms),
        backpressure=most_connections(),
    )


async def _wait_until_listening(settings: Settings, running: asyncio.Task[None]) -> None:
    while not running.done():
        try:
            _, writer = await asyncio.open_connection(settings.host, settings.port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return
    running.result()


async def _keep_worker(stop: asyncio.Event) -> None:
    """Run the worker as a child process; start it again when it dies."""
    while not stop.is_set():
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "quadrangle", "worker", "--with-parent", str(os.getpid())
        )
        ended = asyncio.create_task(child.wait())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if stop.is_set():
            await _end(child, ended)
            return
        log.error("the worker ended by itself and is started again", code=child.returncode)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RESTART_DELAY_S)


async def _end(child: asyncio.subprocess.Process, ended: asyncio.Task[int]) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        await asyncio.wait_for(asyncio.shield(ended), STOP_GRACE_S)
    except TimeoutError:
        log.error("the worker did not stop in time and is ended")
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await ended
