"""A real server in processes of its own, for tests that look from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from tests.commands import run_command

ADMIN_EMAIL = "admin@campus.example"
ADMIN_PASSWORD = "three-quiet-otters-91"
STAFF_PIN = "73194628"
START_S = 60
# An installation that the journeys are to visit instead of one they start, and whose administrator
# and PIN are those above: `make test-aws` sets it.
VISITED = os.environ.get("QUADRANGLE_TEST_URL", "")
# Where an installation is visited, it may have no videos.
HAS_VIDEOS = not VISITED or bool(os.environ.get("QUADRANGLE_TEST_VIDEOS"))


class Answer(msgspec.Struct, frozen=True):
    """What came back. `json` is None when the body is not JSON."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Campus:
    """Quadrangle at an address, however it runs there."""

    def __init__(self, base: str) -> None:
        self.base = base

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 30,
    ) -> Answer:
        """Send one request; `body` is sent as JSON unless it is bytes already."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return Answer(answer.status, lower(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, lower(error.headers), error.read())

    def report(self, **fields: Any) -> str:
        """Report an issue and return its id."""
        body = {"issueType": "Network", "location": "Library", "description": "It is broken"}
        answer = self.call("POST", "/report-issue", body | fields)
        assert answer.status == 200, answer.body
        return answer.json["issueId"]

    def sign_in(self, email: str = ADMIN_EMAIL, password: str = ADMIN_PASSWORD) -> str:
        answer = self.call("POST", "/api/accounts/sign-in", {"email": email, "password": password})
        assert answer.status == 200, answer.body
        return answer.json["accessToken"]

    def hire(self, token: str, email: str, role: str = "staff", name: str = "Bo") -> dict[str, Any]:
        """Have an admin open an account with a password at once; return it with `password`."""
        body = {"email": email, "name": name, "role": role}
        answer = self.call("POST", "/api/accounts/people", body, token=token)
        assert answer.status == 201, answer.body
        account = answer.json["account"]
        path = f"/api/accounts/people/{account['accountId']}/password"
        given = self.call("POST", path, token=token)
        assert given.status == 200, given.body
        return {**account, "password": given.json["password"]}


class RunningServer(Campus):
    """`quadrangle serve` on a free port, with its data in `folder`; visited by `host_name`."""

    def __init__(self, folder: Path, *, host_name: str = "127.0.0.1", **environment: str) -> None:
        self.port = free_port()
        super().__init__(f"http://{host_name}:{self.port}")
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "server.log"
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("QUADRANGLE_")},
            "PORT": str(self.port),
            "QUADRANGLE_DATA": str(self.data),
            "QUADRANGLE_PUBLIC_URL": self.base,
            "QUADRANGLE_ADMIN_EMAIL": ADMIN_EMAIL,
            "QUADRANGLE_ADMIN_PASSWORD": ADMIN_PASSWORD,
            "QUADRANGLE_STAFF_PIN": STAFF_PIN,
            "QUADRANGLE_RATE_LIMITS": "off",
            "QUADRANGLE_STATUS_MAIL_WAIT": "0",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> "RunningServer":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "quadrangle", "serve"],
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if wait:
            self.wait_until_up()
        return self

    def wait_until_up(self) -> None:
        def up() -> bool:
            assert self.process is not None
            if self.process.poll() is not None:
                said = self.log.read_text()[-3000:] if self.log.is_file() else ""
                raise AssertionError(f"the server ended:\n{said}")
            try:
                return self.call("GET", "/api/health").status == 200
            except OSError:
                return False

        wait_for(up, "the server to answer", START_S)

    def stop(self) -> int:
        """Stop as an administrator does, by SIGTERM; return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self) -> None:
        """End server and worker at once, as a power cut does."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()

    @contextmanager
    def beside(self, command: str, log: IO[bytes]) -> Iterator[None]:
        """Another process of this installation, such as a worker, until the block ends."""
        arguments = [sys.executable, "-m", "quadrangle", command]
        process = subprocess.Popen(arguments, env=self._environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another `quadrangle` command with the same settings."""
        return run_command(arguments, self._environment)

    def program(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same, but start the program as a person does."""
        return subprocess.run(
            [sys.executable, "-m", "quadrangle", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def wait_for(condition: Any, what: str, seconds: float = 30) -> Any:
    """Return the first truthy value of `condition`, or fail after a generous time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s for {what}")
