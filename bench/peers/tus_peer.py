"""`@tus/server` with its store of files: uploads alone, by anyone."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bench.peers import node
from bench.peers.base import PeerError
from bench.peers.process import Server, free_ports

HERE = Path(__file__).parent / "tus"


class TusPeer:
    """The server that the authors of tus keep, as its own description sets it up."""

    name = "@tus/server"
    durable = "What it answers is written, not synced: a loss of power can take it."
    place = "/files"

    def __init__(self) -> None:
        self._project: Path | None = None
        self._server: Server | None = None

    def available(self) -> str | None:
        """None where a fitting Node.js and npm are found, else why not."""
        return node.lacking(self.name)

    def install(self, cache: Path) -> None:
        """Install what its lock file names; PeerError when npm fails."""
        project = cache.resolve() / "tus"
        node.install(HERE, project)
        self._project = project

    def start(self, workdir: Path) -> str:
        """Start with an empty folder below `workdir`; return the base URL. Raises PeerError."""
        if self._project is None:
            raise PeerError(f"{self.name} is not installed")
        files = Path(tempfile.mkdtemp(prefix="tus-", dir=workdir.resolve()))
        (port,) = free_ports(1)
        command = ["node", str(self._project / "server.js"), str(port), str(files)]
        env = {"PATH": os.environ["PATH"], "HOME": str(self._project)}
        self._server = Server(command, cwd=self._project, env=env, log=files / "server.log")
        base = f"http://127.0.0.1:{port}"
        try:
            self._server.wait_until_status(base, "/", 404)  # it knows /files alone
        except BaseException:
            self.stop()
            raise
        return base

    def stop(self) -> None:
        """End it."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()
