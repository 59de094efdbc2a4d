"""One application twice: with its hot lane, and with the framework answering everything.

Each has a folder of its own and the same history; clocks stand still. What is told of a request is
all that anyone sees of it: the answer, the line in the log, the count, events in the log.
"""

import contextlib
import gzip
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog

from quadrangle.hosts.one_machine import accounts as accounts_host
from quadrangle.hosts.one_machine import server as server_host
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.server import Server, prepare
from quadrangle.hosts.one_machine.services import Services
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.http.asking.limits import RateLimiter
from quadrangle.issues.model import Issue
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock
from tests.running import ADMIN_EMAIL, ADMIN_PASSWORD, STAFF_PIN

Headers = list[tuple[bytes, bytes]]
NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
PROXY = "10.0.0.9"
_ID = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


class Request(msgspec.Struct, frozen=True):
    """A request as a server hands it over. `pieces` are what comes of the body; then nothing
    more, or, where `breaks_off`, the client has gone.

    `{staff}` and the like in a header stand for what either side knows by that name, `{known}` in
    the path for the issue that was reported last.
    """

    method: str = "POST"
    path: str = "/report-issue"
    headers: Headers = []
    pieces: tuple[bytes, ...] = ()
    query: bytes = b""
    client: str = "192.0.2.7"
    breaks_off: bool = False
    says_last: bool = True  # that a piece is the last comes with it, not after it
    root: str = ""


class Told(msgspec.Struct):
    """What is seen of a request, ids aside. `by_framework` is whether that answered."""

    status: int
    headers: Headers
    body: bytes
    logged: Any
    counted: Any
    events: list[Any]
    by_framework: bool = msgspec.field(default=False)


class FaultyStore:
    """The store of issues, which fails on demand."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.fault: Exception | None = None

    async def add(self, issue: Issue, changes: Sequence[Change]) -> Issue:
        return await self._ready().add(issue, changes)

    async def get(self, issue_id: str) -> Issue | None:
        return await self._ready().get(issue_id)

    def _ready(self) -> Any:
        if self.fault is not None:
            raise self.fault
        return self._store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Side:
    """The application one way. `seconds` is the clock of its limits."""

    def __init__(self, folder: Path, seconds: list[float], *, lane: bool, **settings: Any) -> None:
        folder.mkdir()
        chosen = {"report_burst": 3, "trusted_proxies": (PROXY,), **settings}
        signing_in = {"admin_email": ADMIN_EMAIL, "admin_password": ADMIN_PASSWORD}
        parts = MachineParts(
            Settings(data=folder, staff_pin=STAFF_PIN, **signing_in, **chosen), ManualClock(NOW)
        )
        self.services = Services(parts)
        self.store = FaultyStore(self.services.issues.store)
        self.services.issues.store = self.store  # type: ignore[assignment]
        with _limits_by(seconds):
            self.server = Server(self.services, lane=lane)
        self._logged: list[Any] = []
        self._counted: list[Any] = []
        self.server.access_log.line = self._line  # type: ignore[method-assign]
        self.services.metrics.request = self._count  # type: ignore[method-assign]
        self.known: dict[str, bytes] = {}
        self.last_id = b"none"

    async def start(self) -> None:
        """Make what must be there, and somebody of each kind."""
        await prepare(self.services)
        self.known["staff"] = await self._text(
            "accessToken", "/api/accounts/pin", {"pin": STAFF_PIN}
        )
        whole = {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
        self.known["admin"] = await self._text("accessToken", "/api/accounts/sign-in", whole)
        for name, scope in (("key", "issues:report"), ("reader", "issues:read")):
            wanted = {"name": name, "scopes": [scope], "plan": "basic"}
            keys = "/api/accounts/api-keys"
            self.known[name] = await self._text("key", keys, wanted, self.known["admin"])

    async def _text(self, field: str, path: str, body: Any, token: bytes = b"") -> bytes:
        content = msgspec.json.encode(body)
        headers = [(b"content-type", b"application/json"), length_of(content)]
        if token:
            headers.append((b"authorization", b"Bearer " + token))
        told = await self.ask(Request("POST", path, headers, (content,)))
        assert told.status in (200, 201), told.body
        return msgspec.json.decode(told.body)[field].encode()

    async def ask(self, request: Request) -> Told:
        """Send it and return what is seen."""
        self._logged, self._counted = [], []
        scope = self._scope(request)
        waiting = _messages(request)
        sent: list[Any] = []

        async def receive() -> Any:
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        with structlog.testing.capture_logs() as events:
            await self.server.app(scope, receive, send)
        start, body = sent[0], b"".join(message.get("body", b"") for message in sent[1:])
        assert start["type"] == "http.response.start"
        if request.path.endswith("/report-issue") and start["status"] == 200 and body:
            self.last_id = _ID.findall(body)[0]
        return Told(
            start["status"],
            [(k, b"?" if k == b"x-request-id" else v) for k, v in start["headers"]],
            body,
            self._logged,
            self._counted,
            [{k: repr(v) for k, v in event.items()} for event in events],
            "litestar_app" in scope,
        )

    def without_ids(self, told: Told) -> Told:
        """Return it with the one id that both sides cannot share made alike. What is compressed
        has another length with another id."""
        own, text = self.last_id, self.last_id.decode()
        logged = [[str(part).replace(text, "?") for part in line] for line in told.logged]
        events = [{k: v.replace(text, "?") for k, v in event.items()} for event in told.events]
        headers, body = told.headers, told.body
        if (b"content-encoding", b"gzip") in headers:
            headers = [(k, b"?" if k == b"content-length" else v) for k, v in headers]
            if body:  # none where it was asked for by HEAD
                assert (b"content-length", b"%d" % len(body)) in told.headers
                body = gzip.decompress(body)
        body = body.replace(own, b"?")
        return msgspec.structs.replace(
            told, headers=headers, body=body, logged=logged, events=events
        )

    def _scope(self, request: Request) -> Any:
        path = request.path.replace("{known}", self.last_id.decode())
        headers = request.headers
        for name, value in self.known.items():
            headers = [(k, v.replace(b"{%s}" % name.encode(), value)) for k, v in headers]
        return {
            "type": "http",
            "http_version": "1.1",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "extensions": {"http.response.pathsend": {}},
            "scheme": "http",
            "method": request.method,
            "path": path,
            "raw_path": path.encode("utf-8", "replace"),
            "query_string": request.query,
            "root_path": request.root,
            "headers": headers,
            "server": ("127.0.0.1", 8000),
            "client": (request.client, 40000),
        }

    def _line(self, request_id: str, *said: Any) -> None:
        assert re.fullmatch("[0-9a-f]{32}", request_id)
        method, path, status, _seconds, more = said
        self._logged.append((method, path, status, more))

    def _count(self, method: str, route: str, status: int, seconds: float) -> None:
        self._counted.append((method, route, status))

    async def close(self) -> None:
        await self.server.close()


class BothWays:
    """Both of them. One's word for what is asked is compared with the other's by `ask`."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self._seconds = [0.0]
        self.lane = Side(folder / "lane", self._seconds, lane=True, **settings)
        self.framework = Side(folder / "framework", self._seconds, lane=False, **settings)

    async def start(self) -> None:
        await self.lane.start()
        await self.framework.start()

    def later(self, seconds: float) -> None:
        """Have limits see time go by."""
        self._seconds[0] += seconds

    def fail(self, fault: Exception | None) -> None:
        """Have the stores fail from now on, or work again."""
        self.lane.store.fault = self.framework.store.fault = fault

    async def ask(self, request: Request) -> Told:
        """Return what both say of a request, which must be the same."""
        mine, theirs = await self.lane.ask(request), await self.framework.ask(request)
        by_framework = mine.by_framework
        mine.by_framework = theirs.by_framework
        assert self.lane.without_ids(mine) == self.framework.without_ids(theirs), request
        mine.by_framework = by_framework
        return mine

    async def close(self) -> None:
        await self.lane.close()
        await self.framework.close()


def length_of(content: bytes) -> tuple[bytes, bytes]:
    return (b"content-length", str(len(content)).encode())


def _messages(request: Request) -> list[Any]:
    """Return what a server gives of a body. That one has come whole it tells whoever asks, though
    the client has gone since."""
    messages = [
        {"type": "http.request", "body": piece, "more_body": True} for piece in request.pieces
    ]
    length = dict(request.headers).get(b"content-length")
    if request.breaks_off and length != b"%d" % sum(map(len, request.pieces)):
        return messages
    if messages and request.says_last:
        messages[-1]["more_body"] = False
    else:
        messages.append({"type": "http.request", "body": b"", "more_body": False})
    return messages


@contextlib.contextmanager
def _limits_by(seconds: list[float]) -> Iterator[None]:
    """Have the limiters of a server that is made meanwhile go by a clock of ours."""

    def limiter(*, enabled: bool) -> RateLimiter:
        return RateLimiter(enabled=enabled, monotonic=lambda: seconds[0])

    with pytest.MonkeyPatch.context() as patched:
        for host in (server_host, accounts_host):
            patched.setattr(host, "RateLimiter", limiter)
        yield
