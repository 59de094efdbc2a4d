"""The boot unit of a desktop on EC2: makes its session, and keeps it as the installation wants it.

Run by root with the system's Python, whatever its version from 3.9 on. Its children of person.py
have the rights of the person whose desktop it is: they alone touch what lies in that home.
`make templates` writes both into desktop-image.yaml.
"""

from __future__ import annotations

import datetime
import json
import math
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

PERSON = "student"
PROGRAM = Path(__file__).with_name("person.py")
STATE = Path("/run/quadrangle")
CONF = Path("/etc/dcv/dcv.conf")
METADATA = "http://169.254.169.254/latest/"
TIMEOUT_S = 10
AGAIN_S = 3
FILES_EVERY_S = 60
SEEN_EVERY_S = 20
QUIET_S = 10  # since the last change of what is to be taken home
NAME = re.compile(r"[^/\x00-\x1f]{1,255}")
# The port is shut until the session is there, and again when it is gone: that it answers at all is
# the mark that the desktop is ready.
SHUT = (
    "add table inet quadrangle; delete table inet quadrangle; add table inet quadrangle; "
    "add chain inet quadrangle port { type filter hook input priority 0; }; "
    'add rule inet quadrangle port iifname != "lo" tcp dport 8443 ct state new reject'
)
OPEN = "add table inet quadrangle; delete table inet quadrangle"
# What the machine was launched with is not for its person.
METADATA_FOR_ROOT = (
    "add table inet metadata; add chain inet metadata out { type filter hook output priority 0; }; "
    f'add rule inet metadata out ip daddr 169.254.169.254 meta skuid "{PERSON}" reject'
)
CONFIGURATION = """[license]
[log]
level="info"
[session-management]
create-session=false
[connectivity]
web-port=8443
enable-quic-frontend=false
idle-timeout=0
[security]
os-auto-lock=false
auth-token-verifier="{verifier}"
"""


def run(*command: str, **options: Any) -> bytes:
    """Run a command to its end; return what it printed. Raises SubprocessError, OSError."""
    options = {"stdout": subprocess.PIPE, "timeout": 120, **options}
    return subprocess.run(command, check=True, **options).stdout or b""


def fetch(
    url: str,
    body: bytes | None = None,
    method: str | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    """Return what an address answers. Raises OSError."""
    request = urllib.request.Request(url, body, headers or {}, method=method)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        return answer.read()


class Agent:
    """`run` and `fetch` are those of this module; a test has others."""

    def __init__(
        self,
        run: Callable[..., bytes] = run,
        fetch: Callable[..., bytes] = fetch,
        clock: Callable[[], float] = time.time,
        state: Path = STATE,
        conf: Path = CONF,
    ) -> None:
        self._run, self._fetch, self._clock = run, fetch, clock
        self._state, self._conf = state, conf
        self._permissions: str | None = None
        self._known: dict[str, str] = {}  # connections: names by number
        self._told_at = self._asked_files_at = self._sent = 0.0
        self._is_open = False
        self.machine_id = ""
        self.errand: dict[str, str] = {}

    def prepare(self) -> None:
        """Learn what this machine is for, and make it so. Raises what it cannot be made for."""
        self._run("nft", SHUT)
        self._run("nft", METADATA_FOR_ROOT)
        token = self._fetch(
            METADATA + "api/token",
            method="PUT",
            headers={"X-aws-ec2-metadata-token-ttl-seconds": "300"},
        )
        headers = {"X-aws-ec2-metadata-token": token.decode()}
        self.machine_id = self._fetch(METADATA + "meta-data/instance-id", headers=headers).decode()
        self.errand = json.loads(self._fetch(METADATA + "user-data", headers=headers))
        self._run("shutdown", "-P", f"+{minutes_left(self.errand['endsAt'], self._clock())}")
        self._state.mkdir(mode=0o755, exist_ok=True)
        verifier = self.errand["reportTo"] + "/api/meetings/machines/admission"
        wanted = CONFIGURATION.format(verifier=verifier)
        if not self._conf.exists() or self._conf.read_text() != wanted:
            self._conf.write_text(wanted)
            self._run("systemctl", "restart", "dcvserver")

    def turn(self) -> float:
        """Do everything once; return the seconds until the next turn."""
        try:
            self._keep_session()
            orders = self._ask()
            self._permit(orders["permissions"])
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            print("This is tried again:", error, file=sys.stderr)
            return AGAIN_S
        self._close_others(orders["welcome"])
        for each in orders["files"]:
            self._put(each["name"], each["url"])
        if orders["takeHome"]:
            self._send(orders["takeHome"])
        return orders["againSeconds"]

    def _keep_session(self) -> None:
        try:
            self._run("dcv", "describe-session", self.machine_id)
        except subprocess.CalledProcessError:
            self._shut()
            self._create()
        if not self._is_open:
            self._run("nft", OPEN)
            self._is_open = True

    def _shut(self) -> None:
        if self._is_open:
            self._run("nft", SHUT)
        self._is_open = False

    def _create(self) -> None:
        """Make the session, in which nobody but its person may do anything yet."""
        permissions = self._state / "permissions"
        permissions.write_text("[permissions]\n%owner% allow builtin\n")
        self._permissions = None
        init = ["--init", "/usr/local/lib/quadrangle/terminal-session"]
        self._run(
            *("dcv", "create-session", "--type", "virtual", "--owner", PERSON, "--user", PERSON),
            *("--permissions-file", str(permissions)),
            *(init if self.errand["workspace"] == "terminal" else []),
            self.machine_id,
        )

    def _ask(self) -> dict[str, Any]:
        """Tell how it is here; return what is to be."""
        now, before, told = self._clock(), self._known, []
        here = self._connections()
        if here != before or now - self._told_at >= SEEN_EVERY_S:
            told = [{"number": n, "name": name} for n, name in here.items()]
            gone = [n for n in before if n not in here]
            told += [{"number": n, "name": before[n], "ended": True} for n in gone]
        wants_files = now - self._asked_files_at >= FILES_EVERY_S
        report = {"connections": told, "wantsFiles": wants_files, "takeHome": self._packed(now)}
        url = f"{self.errand['reportTo']}/api/meetings/machines/{self.machine_id}/report"
        headers = {"Content-Type": "application/json", "X-Machine-Key": self.errand["key"]}
        orders = json.loads(self._fetch(url, json.dumps(report).encode(), "POST", headers))
        self._known = here
        self._told_at = now if told else self._told_at
        self._asked_files_at = now if wants_files else self._asked_files_at
        return orders

    def _connections(self) -> dict[str, str]:
        """Return who is connected. Who cannot be told by name counts as the owner."""
        try:
            rows = json.loads(self._run("dcv", "list-connections", "-j", self.machine_id) or "[]")
        except (subprocess.CalledProcessError, ValueError):
            return self._known
        rows = rows.get("connections", []) if isinstance(rows, dict) else rows
        return {
            str(row.get("id", at)): str(row.get("username") or row.get("user") or PERSON)
            for at, row in enumerate(rows)
        }

    def _permit(self, permissions: str) -> None:
        if permissions == self._permissions:
            return
        path = self._state / "permissions"
        path.write_text(permissions)
        self._run("dcv", "set-permissions", "--session", self.machine_id, "--file", str(path))
        self._permissions = permissions

    def _close_others(self, welcome: list[str]) -> None:
        for number, name in self._known.items():
            if name not in welcome:
                self._quietly("dcv", "close-connection", self.machine_id, number)

    def _quietly(self, *command: str, **options: Any) -> bytes | None:
        try:
            return self._run(*command, **options)
        except (subprocess.SubprocessError, OSError) as error:
            print(command[0], "failed:", error, file=sys.stderr)
            return None

    def _as_person(self, *arguments: str, **options: Any) -> bytes | None:
        command = ("runuser", "-u", PERSON, "--", sys.executable, "-I", str(PROGRAM), *arguments)
        return self._quietly(*command, **options)

    def _put(self, name: str, url: str) -> None:
        is_plain = NAME.fullmatch(name) and name not in (".", "..")
        if not is_plain or (self._state / "given" / name).exists():
            return
        try:
            content = self._fetch(url)
        except OSError as error:
            print("A file cannot be fetched:", error, file=sys.stderr)
            return
        if self._as_person("put", name, input=content) is not None:
            (self._state / "given").mkdir(exist_ok=True)
            (self._state / "given" / name).touch()

    def _packed(self, now: float) -> int | None:
        """Pack what is to be taken home when it has changed and is quiet; return its size."""
        changed = float(self._as_person("changed") or 0)
        if not changed or changed == self._sent or now - changed < QUIET_S:
            return None
        with (self._state / "take-home.zip").open("wb") as packed:
            if self._as_person("pack", stdout=packed) is None:
                return None
        self._sent = changed
        return (self._state / "take-home.zip").stat().st_size

    def _send(self, url: str) -> None:
        try:
            self._fetch(url, (self._state / "take-home.zip").read_bytes(), "PUT")
        except OSError as error:
            self._sent = 0
            print("What is to be taken home cannot be sent:", error, file=sys.stderr)


def minutes_left(ends_at: str, now: float) -> int:
    """Return how many minutes a machine has, rounded up; at least one."""
    ends = datetime.datetime.fromisoformat(ends_at.replace("Z", "+00:00")).timestamp()
    return max(1, math.ceil((ends - now) / 60))


if __name__ == "__main__":
    agent = Agent()
    agent.prepare()
    while True:
        time.sleep(agent.turn())
