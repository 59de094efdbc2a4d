"""Hands mails to an SMTP server, many over one connection."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiosmtplib

from quadrangle.kernel.clock import Clock, SystemClock
from quadrangle.kernel.mail import Mail, MailRefused
from quadrangle.machine.mail.smtp_errors import translated
from quadrangle.machine.mail.smtp_url import describe as describe
from quadrangle.machine.mail.smtp_url import parse
from quadrangle.mail.message import Envelope, compose, parse_sender

CONNECTIONS = 4  # at once; small servers refuse more from one client
IDLE_S = 10.0
# Servers scan a mail before they take it: patience here spares a repeat. RFC 5321 has 10 minutes.
DATA_PATIENCE = 4
QUIT_S = 2.0
_UNAVAILABLE = 421  # the server is about to close this connection


class SmtpTransport:
    """Implements kernel.mail.MailTransport.

    `timeout_s` holds for connecting and for every command; for the content four times as much.
    Raises ValueError when the URL or the sender cannot be used; its message holds no secret.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        timeout_s: float = 30.0,
        *,
        connections: int = CONNECTIONS,
        idle_s: float = IDLE_S,
        clock: Clock | None = None,
    ) -> None:
        self._server = parse(url)
        self._sender = parse_sender(sender)
        self._timeout_s = timeout_s
        self._idle_s = idle_s
        self._clock = clock or SystemClock()
        self._limit = asyncio.Semaphore(connections)
        self._idle: dict[aiosmtplib.SMTP, asyncio.TimerHandle] = {}
        self._partings: set[asyncio.Task[None]] = set()
        self._local_name: str | None = None

    async def send(self, mail_id: str, mail: Mail) -> None:
        """Send one mail. Raises MailRefused or MailDelayed."""
        envelope = compose(mail_id, mail, self._sender, self._clock.now())
        async with self._limit:
            try:
                await self._deliver(envelope)
            except (aiosmtplib.SMTPException, OSError) as error:
                raise translated(error, self._server, self._timeout_s) from error

    async def close(self) -> None:
        """Say goodbye on the idle connections."""
        for connection in list(self._idle):
            self._part(connection)
        await asyncio.gather(*self._partings)

    async def _deliver(self, envelope: Envelope) -> None:
        connection = await self._resume(envelope)
        if connection is None:
            connection = await self._connect()
            async with self._using(connection):
                await _begin(connection, envelope)
        async with self._using(connection):
            await connection.rcpt(envelope.recipient, encoding=_encoding(envelope))
            await connection.data(envelope.message, timeout=self._timeout_s * DATA_PATIENCE)
        self._keep(connection)

    async def _resume(self, envelope: Envelope) -> aiosmtplib.SMTP | None:
        """Begin on an idle connection; None when there is none, or it turns out to be dead."""
        while self._idle:
            connection, timer = self._idle.popitem()
            timer.cancel()
            try:
                async with self._using(connection):
                    await _begin(connection, envelope)
            except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError):
                continue
            except aiosmtplib.SMTPSenderRefused as error:
                if error.code != _UNAVAILABLE:
                    raise
                continue
            return connection
        return None

    async def _connect(self) -> aiosmtplib.SMTP:
        server = self._server
        connection = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.starttls,
            cert_bundle=server.ca,
            timeout=self._timeout_s,
            local_hostname=self._local_name,
        )
        await connection.connect()
        self._local_name = connection.local_hostname  # found by asking DNS: once is enough
        return connection

    @contextlib.asynccontextmanager
    async def _using(self, connection: aiosmtplib.SMTP) -> AsyncIterator[None]:
        """Keep the connection for the next mail when the server only said no to this one."""
        try:
            yield
        except aiosmtplib.SMTPResponseException as error:
            if error.code != _UNAVAILABLE and await self._reset(connection):
                self._keep(connection)
            else:
                connection.close()
            raise
        except BaseException:
            connection.close()
            raise

    async def _reset(self, connection: aiosmtplib.SMTP) -> bool:
        """Have the server forget the refused mail; False when the connection is of no more use."""
        if not connection.is_connected:
            return False
        try:
            await connection.rset()
        except aiosmtplib.SMTPException:
            return False
        return True

    def _keep(self, connection: aiosmtplib.SMTP) -> None:
        loop = asyncio.get_running_loop()
        self._idle[connection] = loop.call_later(self._idle_s, self._part, connection)

    def _part(self, connection: aiosmtplib.SMTP) -> None:
        self._idle.pop(connection).cancel()
        parting = asyncio.create_task(_quit(connection))
        self._partings.add(parting)
        parting.add_done_callback(self._partings.discard)


async def _begin(connection: aiosmtplib.SMTP, envelope: Envelope) -> None:
    options = []
    if envelope.utf8:
        if connection.is_ehlo_or_helo_needed:
            await connection.ehlo()
        if not connection.supports_extension("smtputf8"):
            raise MailRefused("The mail server takes no addresses with letters beyond ASCII.")
        options = ["SMTPUTF8"]
    await connection.mail(envelope.sender, options=options, encoding=_encoding(envelope))


def _encoding(envelope: Envelope) -> str:
    return "utf-8" if envelope.utf8 else "ascii"


async def _quit(connection: aiosmtplib.SMTP) -> None:
    # politeness only: a server that is gone, or slow to answer, is left all the same
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await connection.quit(timeout=QUIT_S)
    connection.close()
