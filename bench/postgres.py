"""Our server on PostgreSQL, with a server of that in a temporary folder, its writes flushed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.ours import Server, free_port
from bench.peers.base import PeerError

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class OnPostgres(Server):
    """As bench.ours.Server, with a database of its own. Implements peers.base.Peer."""

    def available(self) -> str | None:
        return None if _PROGRAMS else "PostgreSQL is not installed."

    def start(self, workdir: Path) -> str:
        port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="bench-postgres-"))
        owner = _owner()
        if owner is not None:  # it refuses to run as root
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        _run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", folder=self._folder)
        options = f"-p {port} -k {self._folder} -c listen_addresses=127.0.0.1"
        _run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start", folder=self._folder)
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self._environment["QUADRANGLE_DATABASE_URL"] = url
        try:
            return super().start(workdir)
        except BaseException:
            self._stop_database()
            raise

    def stop(self) -> None:
        super().stop()
        self._stop_database()

    def _stop_database(self) -> None:
        _run("pg_ctl", "-D", "data", "-m", "immediate", "stop", folder=self._folder)
        shutil.rmtree(self._folder)


def quadrangle_on_postgres() -> OnPostgres:
    """Return our server as people run it on PostgreSQL, the database beside it."""
    server = OnPostgres("Quadrangle on PostgreSQL", ["-m", "quadrangle", "serve"])
    server.durable = "Committed with its change record, the log flushed: one commit per group."
    return server


def _owner() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PeerError("Nobody is there whom PostgreSQL could run as.")


def _run(program: str, *arguments: str, folder: Path) -> None:
    owner = _owner()
    done = subprocess.run(
        [_PROGRAMS[-1] / program, *arguments],
        cwd=folder,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise PeerError(f"{program}: {done.stderr.strip()}")
