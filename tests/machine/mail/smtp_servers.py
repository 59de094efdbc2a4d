"""Mail servers for tests: one that works as real ones do, and one that misbehaves by a script."""

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "post@campus.example", "s3cr3t/p@ss"


class Taken(msgspec.Struct, frozen=True):
    """A mail the server took."""

    sender: str
    recipients: list[str]
    content: bytes
    options: list[str]
    over_tls: bool

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)

    def part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        assert body is not None
        return body.get_content().replace("\r\n", "\n")


class Sink:
    """A real SMTP server. `refuse_…` may give an answer in place of 250."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.peers: list[Any] = []  # one for each connection
        self.quits = 0
        self.most_open = 0
        self._open: set[Any] = set()
        self.refuse_sender: Callable[[str], str | None] = lambda sender: None
        self.refuse_recipient: Callable[[str], str | None] = lambda recipient: None
        self.refuse_content: Callable[[bytes], str | None] = lambda content: None
        self._server: asyncio.Server | None = None
        self._sessions: list[SMTP] = []
        self.port = 0

    @asynccontextmanager
    async def running(self, port: int = 0, **settings: Any) -> AsyncIterator[str]:
        """Yield the server's URL. `settings` are aiosmtpd's; `ssl` begins with TLS."""
        await self.start(port, **settings)
        try:
            yield self.url
        finally:
            await self.stop()

    async def start(self, port: int = 0, **settings: Any) -> None:
        tls = settings.pop("ssl", None)
        settings.setdefault("enable_SMTPUTF8", True)

        def session() -> SMTP:
            self._sessions.append(SMTP(self, hostname="sink", **settings))
            return self._sessions[-1]

        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(session, "127.0.0.1", port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take no more connections and drop those there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.drop()

    def drop(self) -> None:
        for session in self._sessions:
            if isinstance(session.transport, asyncio.Transport):
                session.transport.abort()
        self._sessions.clear()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    # -- hooks of aiosmtpd ------------------------------------------------------------------

    async def handle_EHLO(self, server, session, envelope, hostname, responses) -> list[str]:
        if session.peer not in self.peers:
            self.peers.append(session.peer)
        session.host_name = hostname
        self._open.add(session.peer)
        self.most_open = max(self.most_open, len(self._open))
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:
        if refusal := self.refuse_sender(address):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if refusal := self.refuse_recipient(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        if refusal := self.refuse_content(envelope.content):
            return refusal
        self.taken.append(
            Taken(
                envelope.mail_from,
                list(envelope.rcpt_tos),
                envelope.content,
                list(envelope.mail_options),
                session.ssl is not None,
            )
        )
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope) -> str:
        self.quits += 1
        self._open.discard(session.peer)
        return "221 Bye"


def only(user: str, password: str) -> Callable[..., AuthResult]:
    """Return an authenticator for aiosmtpd that lets one account in."""

    def authenticate(server, session, envelope, mechanism, data) -> AuthResult:
        known = LoginPassword(user.encode(), password.encode())
        return AuthResult(success=data == known, handled=False)

    return authenticate


class ScriptedServer:
    """Answers each command by what `answers` has for its verb; of a list, with one after another.

    `HANG` says nothing more; `DROP` closes the connection, for `CONTENT` in the midst of it.
    """

    HANG, DROP = "hang", "drop"
    USUAL = {
        "GREETING": "220 ready",
        "EHLO": "250 scripted",
        "DATA": "354 go on",
        "CONTENT": "250 taken",
        "QUIT": "221 bye",
    }

    def __init__(self, **answers: str | list[str]) -> None:
        self.answers: dict[str, str | list[str]] = self.USUAL | answers
        self.connections = 0
        self.verbs: list[str] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Yield the server's URL."""
        self._tasks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        try:
            yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        gone = (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError)
        with contextlib.suppress(*gone):
            await self._converse(reader, writer)
        writer.close()

    def _next_answer(self, verb: str) -> str:
        answer = self.answers.get(verb, "250 fine")
        if isinstance(answer, list):
            return answer.pop(0)
        return answer

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        verb = "GREETING"
        while verb:
            self.verbs.append(verb)
            answer = self._next_answer(verb)
            if verb == "CONTENT":
                await (reader.read(20) if answer == self.DROP else reader.readuntil(b"\r\n.\r\n"))
            if answer == self.DROP:
                writer.transport.abort()
                return
            if answer == self.HANG:
                await asyncio.Event().wait()
            writer.write(answer.encode() + b"\r\n")
            if verb == "DATA" and answer.startswith("354"):
                verb = "CONTENT"
            else:
                verb = (await reader.readline()).decode().strip().partition(" ")[0].upper()


def self_made_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Return a certificate for 127.0.0.1 that nobody trusts by itself, and a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context
