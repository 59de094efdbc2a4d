"""Starting, awaiting and ending the programs a peer consists of."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.peers.base import PeerError
from bench.peers.local_http import send

START_SECONDS = 60.0
GRACE_SECONDS = 10.0
INSTALL_SECONDS = 900.0
POLL_SECONDS = 0.1
LOG_TAIL_CHARS = 2000


class Server:
    """A program in a session of its own, so that all it spawns can be ended by its pid."""

    def __init__(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path
    ) -> None:
        """Start `command`; what it prints is appended to `log`. Raises OSError if it cannot."""
        self._log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_status(self, base: str, path: str, status: int) -> None:
        """Return once GET `path` answers `status`.

        Raises PeerError when the program ends first or START_SECONDS pass.
        """
        deadline = time.monotonic() + START_SECONDS
        seen: object = None
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise PeerError(f"ended with {self._process.returncode}: {tail(self._log)}")
            try:
                seen = send(base, "GET", path, {"Accept": "application/json"}).status
            except OSError as error:
                seen = error
            if seen == status:
                return
            time.sleep(POLL_SECONDS)
        raise PeerError(f"{base}{path} gave {seen!r} instead of {status}: {tail(self._log)}")

    def stop(self) -> None:
        """End the whole process group: asked first, killed after GRACE_SECONDS."""
        deadline = time.monotonic() + GRACE_SECONDS
        self._signal(signal.SIGTERM)
        while self._process.poll() is None and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        # A child may outlive the leader, so the group is killed even when the leader has ended.
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> bool:
        """Signal the group; False when nothing of it is left."""
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return False
        return True


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = INSTALL_SECONDS,
) -> None:
    """Run `command` to its end, its output appended to `log`; `timeout` is in seconds.

    Raises PeerError when it fails or takes longer.
    """
    with log.open("ab") as output:
        try:
            done = subprocess.run(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PeerError(f"{command[0]} took more than {timeout:.0f} s: {tail(log)}") from error
    if done.returncode:
        raise PeerError(f"{command[0]} ended with {done.returncode}: {tail(log)}")


def tail(log: Path) -> str:
    """The last LOG_TAIL_CHARS of a log file."""
    return log.read_text(errors="replace")[-LOG_TAIL_CHARS:]


def free_ports(count: int) -> list[int]:
    """`count` different TCP ports on 127.0.0.1 that nothing listens on at this moment."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def fingerprint(*parts: Path | str) -> str:
    """A digest of texts and files, to tell whether an installation matches its lock files."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part.encode()
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()


def is_installed(stamp: Path, wanted: str) -> bool:
    """Whether `stamp` says that what `wanted` describes was installed to the end."""
    return stamp.is_file() and stamp.read_text() == wanted
