"""Servers that are treated badly, and a mail server that counts."""

from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.running import RunningServer, free_port


class Sink:
    """A real SMTP server that keeps what it took, by recipient and Message-ID."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, str]] = []
        self.refuse: Callable[[str], str | None] = lambda recipient: None
        self._controller: Controller | None = None
        self.port = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        refusal = self.refuse(address)
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        text = message.get_body(("plain",)).get_content()
        for recipient in envelope.rcpt_tos:
            self.taken.append((recipient, message["Message-ID"], text))
        return "250 OK"

    def start(self, port: int = 0) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=port or free_port())
        self._controller.start()
        self.port = self._controller.port

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., RunningServer]]:
    servers: list[RunningServer] = []

    def make(**environment: str) -> RunningServer:
        folder = tmp_path / f"server-{len(servers)}"
        folder.mkdir()
        servers.append(RunningServer(folder, **environment))
        return servers[-1]

    yield make
    for server in servers:
        server.end()
