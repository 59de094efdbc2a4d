"""A desktop is healthy when its page answers, by its name or at its address."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from quadrangle.aws.desktops.probe import DesktopProbe
from quadrangle.kernel.errors import Unavailable
from tests.aws.desktops.test_cloudflare import MACHINE
from tests.certificates import self_signed

HERE = msgspec.structs.replace(MACHINE, address="127.0.0.1")
Reply = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def trust(tmp_path: Path) -> ssl.SSLContext:
    """What a machine that signs itself shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path / "machine.pem"))
    return context


@asynccontextmanager
async def serving(trust: ssl.SSLContext, reply: Reply) -> AsyncIterator[DesktopProbe]:
    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reply(reader, writer)
        writer.close()

    server = await asyncio.start_server(closing, "127.0.0.1", 0, ssl=trust)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield DesktopProbe("desktops.example", direct=True, port=port)


def answering(head: str) -> Reply:
    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"{head}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    return reply


@pytest.mark.parametrize(
    ("head", "healthy"),
    [
        ("HTTP/1.1 200 OK", True),
        ("HTTP/1.1 302 Found", True),
        ("HTTP/1.1 404 Not Found", False),
        ("HTTP/1.1 521 Web server is down", False),
        ("HTTP/1.1 522 Connection timed out", False),
        ("SSH-2.0-OpenSSH", False),
    ],
)
async def test_a_page_that_answers_is_healthy(trust, head: str, healthy: bool):
    async with serving(trust, answering(head)) as probe:
        assert await probe.answers(HERE) is healthy


async def test_the_machine_is_asked_by_its_name(trust: ssl.SSLContext):
    asked: list[str] = []
    names: list[str | None] = []
    trust.sni_callback = lambda _, name, __: names.append(name)

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")

    async with serving(trust, reply) as probe:
        assert await probe.answers(HERE)
    assert asked[0].startswith("GET / HTTP/1.1\r\nHost: i-0123456789abcdef0.desktops.example:")
    assert names == ["i-0123456789abcdef0.desktops.example"]


async def test_what_cloudflare_holds_back_says_nothing(trust: ssl.SSLContext):
    head = "HTTP/1.1 403 Forbidden\r\ncf-mitigated: challenge"
    async with serving(trust, answering(head)) as probe:
        with pytest.raises(Unavailable, match="Cloudflare"):
            await probe.answers(HERE)


async def test_what_hangs_or_hangs_up_is_not_healthy(trust, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("quadrangle.aws.desktops.probe.TIMEOUT_S", 0.3)

    async def hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async def hang_up(*_: object) -> None:
        return None

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n" + b"x" * 200_000)

    for reply in (hang, hang_up, flood):
        async with serving(trust, reply) as probe:
            assert await probe.answers(HERE) is False


async def test_what_is_not_there_is_not_healthy(trust: ssl.SSLContext):
    assert await DesktopProbe("desktops.example", direct=True, port=9).answers(HERE) is False
    nowhere = msgspec.structs.replace(HERE, address=None)
    assert await DesktopProbe("desktops.example").answers(nowhere) is False
    assert await DesktopProbe("invalid").answers(HERE) is False  # no such name


async def test_by_name_only_a_trusted_certificate_will_do(trust, monkeypatch):
    async with serving(trust, answering("HTTP/1.1 200 OK")) as probe:
        by_name = DesktopProbe("desktops.example", port=probe._port)
        connect = asyncio.open_connection

        def to_here(_: str, *rest: object, **more: object):
            return connect("127.0.0.1", *rest, **more)

        monkeypatch.setattr(asyncio, "open_connection", to_here)
        assert await by_name.answers(HERE) is False
        assert await probe.answers(HERE) is True
