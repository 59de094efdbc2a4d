"""The boot unit of a desktop, with a system and an installation that note what they are asked."""

import ast
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from deploy.aws.desktop import agent as boot
from deploy.aws.desktop import person
from tests.standin.server import ROOT

NOW = 1_800_000_000.0
ERRAND = {
    "meetingId": "m",
    "role": "student",
    "workspace": "desktop",
    "endsAt": "2027-01-15T09:30:00.000Z",
    "reportTo": "https://campus.example",
    "key": "the-key",
}
ORDERS: dict[str, Any] = {
    "permissions": "[permissions]\n%owner% allow builtin\n",
    "welcome": ["student"],
    "files": [],
    "takeHome": None,
    "againSeconds": 5,
}


class System:
    """What the unit sees of its machine."""

    def __init__(self, folder: Path) -> None:
        self.ran: list[tuple[str, ...]] = []
        self.asked: list[tuple[str, Any]] = []
        self.sent: list[bytes] = []
        self.now = NOW
        self.has_session = False
        self.connections: list[dict[str, Any]] = []
        self.orders = dict(ORDERS)
        self.is_away = False
        self.home = folder / "home"
        self.home.mkdir()
        self.agent = boot.Agent(
            self.run, self.fetch, lambda: self.now, folder / "state", folder / "dcv.conf"
        )

    def run(self, *command: str, **options: Any) -> bytes:
        if command[0] == "runuser":
            return self._as_person(command[command.index("-I") + 2 :], options)
        self.ran.append(command)
        if command[:2] == ("dcv", "describe-session") and not self.has_session:
            raise subprocess.CalledProcessError(1, command)
        if command[:2] == ("dcv", "create-session"):
            self.has_session = True
        if command[:2] == ("dcv", "list-connections"):
            return json.dumps(self.connections).encode()
        return b""

    def _as_person(self, arguments: tuple[str, ...], options: dict[str, Any]) -> bytes:
        if arguments[0] == "put":
            person.put(arguments[1], options["input"], self.home)
        elif arguments[0] == "pack":
            person.pack(options["stdout"], self.home)
        return str(person.changed(self.home)).encode()

    def fetch(self, url: str, body: Any = None, method: Any = None, headers: Any = None) -> bytes:
        if url.endswith("api/token"):
            assert method == "PUT"
            return b"token"
        if url.startswith(boot.METADATA):
            assert headers == {"X-aws-ec2-metadata-token": "token"}
            return b"i-1" if url.endswith("instance-id") else json.dumps(ERRAND).encode()
        if self.is_away:
            raise OSError("away")
        if url.startswith("https://files.example"):
            if method == "PUT":
                self.sent.append(body)
            return b"content"
        assert url == "https://campus.example/api/meetings/machines/i-1/report"
        assert headers["X-Machine-Key"] == "the-key"
        self.asked.append(json.loads(body))
        return json.dumps(self.orders).encode()

    def commands(self, name: str) -> list[tuple[str, ...]]:
        return [each for each in self.ran if each[0] == name]


@pytest.fixture
def system(tmp_path: Path) -> System:
    made = System(tmp_path)
    made.agent.prepare()
    return made


def test_a_machine_ends_itself_whatever_happens(system: System):
    assert ("shutdown", "-P", "+90") in system.ran
    assert boot.minutes_left(ERRAND["endsAt"], NOW + 1) == 90
    assert boot.minutes_left(ERRAND["endsAt"], NOW + 99_999) == 1


def test_the_port_opens_when_the_session_is_there(system: System):
    assert system.commands("nft")[0] == ("nft", boot.SHUT)
    assert ("nft", boot.OPEN) not in system.ran
    assert system.agent.turn() == 5
    order = [each[:2] for each in system.ran]
    assert order.index(("dcv", "create-session")) < order.index(("nft", boot.OPEN))
    system.ran.clear()
    system.has_session = False  # it ended
    system.agent.turn()
    order = [each[:2] for each in system.ran]
    assert order.index(("nft", boot.SHUT)) < order.index(("dcv", "create-session"))
    assert order.index(("dcv", "create-session")) < order.index(("nft", boot.OPEN))


def test_people_cannot_ask_what_the_machine_was_launched_with(system: System):
    assert ("nft", boot.METADATA_FOR_ROOT) in system.ran
    assert 'meta skuid "student" reject' in boot.METADATA_FOR_ROOT


def test_dcv_asks_the_installation_whose_a_ticket_is(system: System, tmp_path: Path):
    verifier = 'auth-token-verifier="https://campus.example/api/meetings/machines/admission"'
    assert verifier in (tmp_path / "dcv.conf").read_text()
    assert system.commands("systemctl") == [("systemctl", "restart", "dcvserver")]
    system.agent.prepare()  # the unit was started again: sessions go on
    assert len(system.commands("systemctl")) == 1


def test_permissions_are_set_when_they_change(system: System, tmp_path: Path):
    system.agent.turn()
    system.agent.turn()
    path = str(tmp_path / "state" / "permissions")
    command = ("dcv", "set-permissions", "--session", "i-1", "--file", path)
    assert system.ran.count(command) == 1
    system.orders["permissions"] = "[permissions]\n"
    system.agent.turn()
    assert system.ran.count(command) == 2
    assert Path(path).read_text() == "[permissions]\n"


def test_who_is_not_welcome_is_sent_away(system: System):
    system.connections = [{"id": 7, "username": "guest"}, {"id": 8, "username": "student"}]
    system.agent.turn()
    closed = [each for each in system.ran if each[1] == "close-connection"]
    assert closed == [("dcv", "close-connection", "i-1", "7")]


def test_it_tells_who_comes_and_goes_and_now_and_then_who_is_there(system: System):
    def told() -> list[dict[str, Any]]:
        system.agent.turn()
        return system.asked[-1]["connections"]

    assert told() == []
    system.connections = [{"id": 7, "username": "student"}]
    assert told() == [{"number": "7", "name": "student"}]
    assert told() == []
    system.now += 21
    assert told() == [{"number": "7", "name": "student"}]
    system.connections = []
    system.is_away = True
    system.agent.turn()
    system.is_away = False
    assert told() == [{"number": "7", "name": "student", "ended": True}]


def test_files_are_fetched_once_and_what_is_there_stays(system: System):
    (system.home / "Files").mkdir()
    (system.home / "Files" / "own.txt").write_text("mine")
    system.orders["files"] = [
        {"name": name, "url": "https://files.example/x"}
        for name in ("sheet.pdf", "own.txt", "../evil", "..")
    ]
    system.agent.turn()
    assert system.asked[-1]["wantsFiles"] is True
    files = {path.name: path.read_text() for path in (system.home / "Files").iterdir()}
    assert files == {"sheet.pdf": "content", "own.txt": "mine"}
    (system.home / "Files" / "sheet.pdf").unlink()
    system.agent.turn()
    assert system.asked[-1]["wantsFiles"] is False
    assert not (system.home / "Files" / "sheet.pdf").exists()


def test_what_is_to_be_taken_home_is_sent_when_it_is_quiet(system: System, tmp_path: Path):
    folder = system.home / "Take home"
    folder.mkdir()
    (folder / "essay.txt").write_text("words")
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    system.now = os.stat(folder / "essay.txt").st_mtime
    system.agent.turn()
    assert system.asked[-1]["takeHome"] is None
    system.now += 60
    system.orders["takeHome"] = "https://files.example/home.zip"
    system.agent.turn()
    (sent,) = system.sent
    assert system.asked[-1]["takeHome"] == len(sent)
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        assert archive.namelist() == ["essay.txt"]
    system.orders["takeHome"] = None
    system.agent.turn()
    assert system.asked[-1]["takeHome"] is None


def test_it_goes_on_when_the_installation_is_away(system: System):
    system.is_away = True
    assert system.agent.turn() == boot.AGAIN_S
    assert ("nft", boot.OPEN) in system.ran  # people who are there stay there


def test_a_terminal_is_a_session_of_its_own(system: System):
    system.agent.errand = {**ERRAND, "workspace": "terminal"}
    system.agent.turn()
    (created,) = [each for each in system.ran if each[1] == "create-session"]
    assert created[-3:] == ("--init", "/usr/local/lib/quadrangle/terminal-session", "i-1")


def test_it_runs_on_the_python_of_the_image():
    """Amazon Linux 2023 has Python 3.9: nothing newer in its grammar, and no other library."""

    folder = ROOT / "deploy" / "aws" / "desktop"
    source = "\n".join((folder / name).read_text() for name in ("person.py", "agent.py"))
    assert "{{" not in source  # Image Builder would take it for a word of its own
    source = source.replace("from __future__ import annotations", "")
    tree = ast.parse(source, feature_version=(3, 9))
    names = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
