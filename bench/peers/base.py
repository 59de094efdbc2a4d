"""What a benchmark needs from a peer server."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, Protocol


class PeerError(Exception):
    """The peer could not be installed, started or used."""


class CreateCall(NamedTuple):
    """The request that creates one issue; `path` is absolute and follows the base URL."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class ReadCall(NamedTuple):
    """The request that reads one issue back; `path` is absolute and follows the base URL."""

    method: str
    path: str
    headers: dict[str, str]


class Peer(Protocol):
    """A server that creates and reads issues over HTTP on 127.0.0.1.

    The order of use is `available`, `install`, `start`, the two requests, `stop`. After a
    `stop`, `start` may be called again and begins with empty data.
    """

    @property
    def name(self) -> str:
        """What a table of results calls this peer."""
        ...

    @property
    def durable(self) -> str:
        """One sentence: what is guaranteed about an issue once its creation is answered."""
        ...

    def available(self) -> str | None:
        """None where this machine can run the peer, else one sentence saying why not."""
        ...

    def install(self, cache: Path) -> None:
        """Put the locked programs under `cache`; quick when they are there already.

        Raises PeerError when a package cannot be installed.
        """
        ...

    def start(self, workdir: Path) -> str:
        """Start with empty data under `workdir` and return the base URL once it answers.

        The base URL has no path and no closing slash. Raises PeerError when the peer is not
        installed, runs already, or does not answer in time; nothing is left running then.
        """
        ...

    def stop(self) -> None:
        """End every process `start` began; harmless when none runs."""
        ...

    def create_request(self) -> CreateCall:
        """The request that creates an issue; valid while the peer runs."""
        ...

    # Any: the shape is the peer's own JSON, and only that peer looks into it.
    def read_request(self, created: Any) -> ReadCall:
        """The request that reads the issue whose creation answered the JSON `created`."""
        ...
