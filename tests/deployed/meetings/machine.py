"""A machine of a meeting with the boot unit that it runs, whose system is made up."""

import io
import json
import time
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

from deploy.aws.desktop import agent as boot
from deploy.aws.desktop import person
from tests.deployed.desktops import errand_of


class BootedMachine:
    """`home` is its person's, `connections` are names by number, `closed` those that the unit
    closed. Each `turn` does what the unit does every few seconds."""

    def __init__(self, ec2: Any, machine_id: str, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.connections: dict[str, str] = {}
        self.closed: list[str] = []
        self._ec2, self._machine_id = ec2, machine_id
        self._later = 0.0
        self._agent = boot.Agent(
            self._run, self._fetch, self._now, folder / "state", folder / "dcv.conf"
        )
        self._agent.prepare()

    def turn(self) -> None:
        """Let so much time pass that everything is due, and take a turn."""
        self._later += boot.FILES_EVERY_S
        self._agent.turn()

    def take_home(self, **files: bytes) -> None:
        """Lay files into the folder Take home."""
        folder = self.home / person.TAKE_HOME
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / f"{name}.txt").write_bytes(content)

    def files(self) -> dict[str, bytes]:
        """Return what lies in the folder Files."""
        folder = self.home / person.FILES
        return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}

    def _now(self) -> float:
        return time.time() + self._later

    def _run(self, *command: str, **options: Any) -> bytes:
        if command[0] == "runuser":
            return self._as_person(command[command.index("-I") + 2 :], options)
        if command[:2] == ("dcv", "close-connection"):
            self.closed.append(command[3])
            self.connections.pop(command[3], None)
        if command[:2] == ("dcv", "list-connections"):
            here = [{"id": n, "username": name} for n, name in self.connections.items()]
            return json.dumps(here).encode()
        return b""

    def _as_person(self, arguments: tuple[str, ...], options: dict[str, Any]) -> bytes:
        if arguments[0] == "put":
            person.put(arguments[1], options["input"], self.home)
        elif arguments[0] == "pack":
            person.pack(options["stdout"], self.home)
        return str(person.changed(self.home)).encode()

    def _fetch(
        self, url: str, body: Any = None, method: str | None = None, headers: Any = None
    ) -> bytes:
        if not url.startswith(boot.METADATA):
            return boot.fetch(url, body, method, headers)
        if url.endswith("api/token"):
            return b"token"
        if url.endswith("instance-id"):
            return self._machine_id.encode()
        return json.dumps(errand_of(self._ec2, self._machine_id)).encode()


def sent(url: str, content: bytes) -> int:
    """Send a file as a browser does to an address that is signed."""
    request = urllib.request.Request(url, content, method="PUT")
    with urllib.request.urlopen(request) as answer:
        return answer.status


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
