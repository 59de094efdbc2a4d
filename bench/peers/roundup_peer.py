"""Roundup behind gunicorn, on SQLite, its REST interface open to anonymous visitors."""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import sqlite3
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from bench.peers.base import CreateCall, PeerError, ReadCall
from bench.peers.process import Server, fingerprint, free_ports, is_installed, run

HERE = Path(__file__).parent / "roundup"
BUILD_LOCK = HERE / "build.txt"
LOCK = HERE / "requirements.txt"

# Signing in with a password costs Roundup 250,000 rounds of PBKDF2 on every request, which
# would time the hash and not the tracker; the compared systems take anonymous reports too.
ANONYMOUS_MAY_REPORT = """
db.security.addPermissionToRole('Anonymous', 'Rest Access')
db.security.addPermissionToRole('Anonymous', 'Create', 'issue')
"""


class RoundupPeer:
    """Roundup's classic tracker template with its default SQLite settings."""

    name = "Roundup"
    durable = (
        "The issue is committed to SQLite (WAL, synchronous=FULL), so it was synced to disk and "
        "outlives a loss of power."
    )

    def __init__(self) -> None:
        self._programs: Path | None = None
        self._server: Server | None = None
        self._base = ""

    def available(self) -> str | None:
        """None where this Python can make the environment Roundup needs, else why not."""
        if importlib.util.find_spec("ensurepip") is None:
            return "This Python cannot make virtual environments (ensurepip is missing)."
        if not _sqlite_has_fts5():
            return "Roundup needs SQLite with FTS5, and this Python's SQLite has none."
        return None

    def install(self, cache: Path) -> None:
        """Make a virtual environment from the hashed lock files; PeerError when that fails."""
        home = cache.resolve() / "roundup"
        wanted = fingerprint(BUILD_LOCK, LOCK, sys.executable, sys.version)
        if not is_installed(home / "stamp", wanted):
            _make_environment(home)
            (home / "stamp").write_text(wanted)
        self._programs = home / "venv" / "bin"

    def start(self, workdir: Path) -> str:
        """Make an empty tracker under `workdir`, serve it and return its base URL."""
        if self._programs is None:
            raise PeerError("Roundup is not installed")
        if self._server is not None:
            raise PeerError("Roundup runs already")
        workdir.mkdir(parents=True, exist_ok=True)
        home = Path(tempfile.mkdtemp(prefix="roundup-", dir=workdir.resolve()))
        (port,) = free_ports(1)
        self._base = f"http://127.0.0.1:{port}"
        _make_tracker(self._programs, home, self._base)
        self._server = _serve(self._programs, home, port)
        try:
            # The first request creates the session tables, and two at once would collide there.
            self._server.wait_until_status(self._base, "/rest/data/issue", 200)
        except BaseException:
            self.stop()
            raise
        return self._base

    def stop(self) -> None:
        """End gunicorn and its workers."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    def create_request(self) -> CreateCall:
        """POST of a new issue with the headers Roundup's cross-site checks ask for."""
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Origin": self._base,
            "Referer": f"{self._base}/",
            "X-Requested-With": "rest",
        }
        # The classic template keeps a description in a message of its own, a second request;
        # one title that carries all three facts is the quicker way for Roundup.
        issue = {"title": "Network, Hostel A: WiFi not working on the second floor"}
        return CreateCall("POST", "/rest/data/issue", headers, json.dumps(issue).encode())

    def read_request(self, created: Any) -> ReadCall:
        """GET of the issue `created` names, as {"data": {"id": …}}."""
        path = f"/rest/data/issue/{created['data']['id']}"
        return ReadCall("GET", path, {"Accept": "application/json"})


def _sqlite_has_fts5() -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        options = {row[0] for row in connection.execute("pragma compile_options")}
    finally:
        connection.close()
    return "ENABLE_FTS5" in options


def _make_environment(home: Path) -> None:
    """Fill `home` with a new virtual environment; PeerError when pip fails."""
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True)
    venv.create(home / "venv", with_pip=True)
    pip = [str(home / "venv/bin/python"), "-m", "pip", "install", "--require-hashes"]
    log = home / "install.log"
    run([*pip, "-r", str(BUILD_LOCK)], cwd=home, log=log)
    # Roundup comes as source; without isolation it is built by the locked build tools.
    run([*pip, "--no-build-isolation", "-r", str(LOCK)], cwd=home, log=log)


def _make_tracker(programs: Path, home: Path, base: str) -> None:
    """Create and initialise a tracker in the empty folder `home`; PeerError when it fails."""
    settings = {
        "mail_domain": "localhost",
        "mail_host": "localhost",
        "admin_email": "admin@localhost",
        "tracker_web": f"{base}/",
        "web_enable_rest": "yes",
        "web_api_calls_per_interval": "0",
    }
    admin = [str(programs / "roundup-admin"), "-i", str(home)]
    log = home / "server.log"
    options = ",".join(f"{key}={value}" for key, value in settings.items())
    run([*admin, "install", "classic", "sqlite", options], cwd=home, log=log)
    with (home / "schema.py").open("a") as schema:
        schema.write(ANONYMOUS_MAY_REPORT)
    run([*admin, "initialise", secrets.token_hex(16)], cwd=home, log=log)


def _serve(programs: Path, home: Path, port: int) -> Server:
    """Start gunicorn with one worker more than cores, to fill the time spent in fsync."""
    command = [
        str(programs / "gunicorn"),
        f"--bind=127.0.0.1:{port}",
        f"--workers={(os.cpu_count() or 1) + 1}",
        "--no-control-socket",
        f"roundup.cgi.wsgi_handler:RequestDispatcher({str(home)!r})",
    ]
    return Server(command, cwd=home, env=os.environ, log=home / "server.log")
