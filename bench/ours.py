"""Our own server as a contender: as people run it, answering without a database, and what it
would be if it were nothing but the framework."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from bench.peers.base import CreateCall, PeerError, ReadCall

ROOT = Path(__file__).resolve().parents[1]
IN_MEMORY = "Nothing: issues are kept in memory."
START_S = 30
STOP_S = 30
ADMIN = ("admin@campus.example", "bench-password-91")
REPORT = (
    b'{"issueType": "Network", "location": "Library",'
    b' "description": "The projector in room 12 shows only green and flickers"}'
)


class Server:
    """A process of ours with a data folder of its own. Implements peers.base.Peer."""

    durable = "On disk, with its change record: one flush per group of writes."

    def __init__(self, name: str, arguments: list[str], **environment: str) -> None:
        self.name = name
        self._arguments = arguments
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def available(self) -> str | None:
        return None

    def install(self, cache: Path) -> None:
        return

    def start(self, workdir: Path) -> str:
        port = free_port()
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("QUADRANGLE_")},
            "PORT": str(port),
            "QUADRANGLE_DATA": str(workdir / "data"),
            "QUADRANGLE_ADMIN_EMAIL": ADMIN[0],
            "QUADRANGLE_ADMIN_PASSWORD": ADMIN[1],
            "QUADRANGLE_STAFF_PIN": "73194628",
            "QUADRANGLE_RATE_LIMITS": "off",
            **self._environment,
        }
        log = (workdir / "server.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, *self._arguments],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        base = f"http://127.0.0.1:{port}"
        self._wait(base)
        return base

    def _wait(self, base: str) -> None:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise PeerError(f"{self.name} ended before it answered.")
            try:
                with urllib.request.urlopen(base + "/api/config", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        self.stop()
        raise PeerError(f"{self.name} did not answer within {START_S} s.")

    def stop(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def create_request(self) -> CreateCall:
        return CreateCall("POST", "/report-issue", {"Content-Type": "application/json"}, REPORT)

    def read_request(self, created: Any) -> ReadCall:
        return ReadCall("GET", f"/issue-status/{created['issueId']}", {})


def free_port() -> int:
    """Return a port nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def quadrangle() -> Server:
    return Server("Quadrangle", ["-m", "quadrangle", "serve"])


def quadrangle_without_database() -> Server:
    """Return limit (a): the same process, routes, checks and answers, kept in memory."""
    server = Server("(a) the same without a database", ["-m", "bench.no_database"])
    server.durable = IN_MEMORY
    return server


def bare_litestar() -> Server:
    """Return limit (c): the framework alone behind the same server, with the two calls."""
    server = Server("(c) a bare Litestar application", ["-m", "bench.bare_litestar"])
    server.durable = IN_MEMORY
    return server
