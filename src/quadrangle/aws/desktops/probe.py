"""Asks whether the page of a desktop answers.

Its port opens when its boot unit has made the session, and closes when the session is gone: that an
answer comes at all is the mark that it is ready (docs/decisions/0021).
"""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator

from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.desktops.model import Machine

PORT = 8443
TIMEOUT_S = 5.0
_MOST_BYTES = 64 * 1024
_ANSWERED = re.compile(r"HTTP/1\.[01] [23]\d\d\b")
CHALLENGED = (
    "Cloudflare asks this installation to prove itself before it passes a health check on. "
    "Please let requests to the names of desktops through."
)


class DesktopProbe:
    """Requests `GET /` of a desktop over TLS.

    By its name the request takes the way that people take, through Cloudflare, which completes TLS
    for every name and answers 52x for a machine that does not. `direct` asks the machine itself at
    its address, with its name: only where its port is open to whoever asks.
    """

    def __init__(self, domain: str, *, direct: bool = False, port: int = PORT) -> None:
        """`domain` is what the names of desktops end with."""
        self._domain = domain
        self._direct = direct
        self._port = port

    async def answers(self, machine: Machine) -> bool:
        """Tell whether it does. Raises Unavailable when nothing can be said about it."""
        if machine.address is None:
            return False
        name = f"{machine.machine_id}.{self._domain}"
        host = machine.address if self._direct else name
        try:
            async with asyncio.timeout(TIMEOUT_S):
                head = await self._head(host, name)
        except (OSError, TimeoutError, ValueError, asyncio.LimitOverrunError, EOFError):
            return False
        status, *fields = head.split("\r\n")
        if any(field.lower().startswith("cf-mitigated:") for field in fields):
            raise Unavailable(CHALLENGED)
        return bool(_ANSWERED.match(status))

    async def _head(self, host: str, name: str) -> str:
        async with self._connected(host, name) as (reader, writer):
            request = f"GET / HTTP/1.1\r\nHost: {name}:{self._port}\r\nConnection: close\r\n\r\n"
            writer.write(request.encode("ascii"))
            await writer.drain()
            return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")

    @contextlib.asynccontextmanager
    async def _connected(
        self, host: str, name: str
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(
            host, self._port, ssl=self._trust(), server_hostname=name, limit=_MOST_BYTES
        )
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _trust(self) -> ssl.SSLContext:
        """Machines sign themselves (docs/decisions/0021), and are told nothing that is secret."""
        context = ssl.create_default_context()
        if self._direct:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context
