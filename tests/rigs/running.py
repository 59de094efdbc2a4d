"""The rig of meetings in a process, for tests that look from outside."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.terminal import Terminal
from tests.running import Answer, Campus, free_port, wait_for

ROOT = Path(__file__).parents[2]


class Rig(Campus):
    """tests.rigs.meeting in a process, with what its desktops and terminals are."""

    def __init__(self, folder: Path, workspace: str, teacher: Path, student: Path) -> None:
        port = free_port()
        super().__init__(f"http://127.0.0.1:{port}")
        self.folder = folder
        self.view = "q-desktop" if workspace == "desktop" else "q-terminal"
        self._log = (folder / "rig.log").open("ab")
        arguments = [str(port), str(folder), workspace, str(teacher), str(student)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.rigs.meeting", *arguments],
            cwd=ROOT,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self.links = self._wait(folder / "keys.json")

    def _wait(self, told: Path) -> dict[str, Any]:
        def up() -> bool:
            assert self._process.poll() is None, Path(self._log.name).read_text()[-2000:]
            try:
                return told.exists() and self.call("GET", "/rig/session").status == 200
            except OSError:
                return False

        wait_for(up, "the rig to answer")
        return json.loads(told.read_text())

    def do(self, what: str, **also: Any) -> Any:
        return self.call("POST", "/api/rig", {"do": what, **also}).json

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._log.close()

    def as_side(self, role: str, method: str, path: str, body: Any = None) -> Answer:
        """Call below the meeting's address with that side's link."""
        key = self.links["keys"][role]
        address = f"/api/meetings/{self.links['id']}/{path}"
        return self.call(method, address, body, headers={"X-Join-Key": key})


@pytest.fixture
def terminal_rig(tmp_path: Path) -> Iterator[Rig]:
    """A meeting whose workspaces are terminals, each a shell of its own."""
    shells = {}
    for role in ("teacher", "student"):
        (tmp_path / role).mkdir()
        shells[role] = Terminal(tmp_path / role, "bash", "--norc", "--noprofile")
    rig = Rig(tmp_path, "terminal", shells["teacher"].socket, shells["student"].socket)
    yield rig
    rig.stop()
    for shell in shells.values():
        shell.stop()
