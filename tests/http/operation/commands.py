"""What tests of commands share: how servers are made, and what commands say."""

import subprocess
from collections.abc import Callable

from tests.running import RunningServer

Make = Callable[..., RunningServer]


def fine(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """The command ended with 1 and one sentence; nothing inner shows."""
    assert done.returncode == 1, done.stdout + done.stderr
    said = done.stderr.strip()
    assert said.startswith("quadrangle: ")
    assert "\n" not in said
    assert said.endswith(".") or "run: chmod 600 " in said  # a command to copy stands alone
    assert "Traceback" not in done.stdout
    for word in words:
        assert word in said
