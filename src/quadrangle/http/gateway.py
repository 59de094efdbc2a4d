"""The outermost layer of every request: stage prefix, request id, CORS, log line, headers."""

import asyncio
import contextlib
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any, Protocol

import msgspec
import structlog

from quadrangle.http.auth import PLAN_USE
from quadrangle.kernel.ids import new_request_id

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]
App = Callable[[Any, Any, Any], Awaitable[None]]

STAGE = "/prod"
SOURCE_PATHS = ("/report-issue", "/issue-status/", "/update-status", "/get-all-issues")
_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_ALLOWED_HEADERS = b"Content-Type, Authorization, Idempotency-Key, X-Api-Key, X-Requested-With"
_SECURITY_HEADERS: list[tuple[bytes, bytes]] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
# A method that no address offers. The framework's own answer to OPTIONS leaves out methods.
_NO_METHOD = "TRACE"
_ASKED_AS = {"HEAD": "GET", "OPTIONS": _NO_METHOD}
_LOG_EVERY_S = 0.1
_LOGGED = "quadrangle.logged"  # in a scope: what else its log line says
_SMALL_BODY = 16 * 1024
_MOST_DRAINED = 64 * 1024 * 1024


class RequestMetrics(Protocol):
    """Counts answered requests; times in seconds, `route` is the template of the address."""

    def request(self, method: str, route: str, status: int, seconds: float) -> None: ...


class Gateway:
    """Wraps the application; see the module's first line."""

    def __init__(
        self,
        app: App,
        *,
        cors_origins: tuple[str, ...],
        metrics: "RequestMetrics | None",
        log: "AccessLog",
    ) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in cors_origins)
        self._any_origin = b"*" in self._origins
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = new_request_id()
        path = _strip_stage(scope)
        method = scope["method"]
        structlog.contextvars.bind_contextvars(request_id=request_id)
        headers = [(b"x-request-id", request_id.encode()), *_SECURITY_HEADERS]
        headers += self._cors(scope, path)
        status = 500

        receive = _Drained(receive) if _is_large(scope) else receive

        async def send_with_headers(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                if isinstance(receive, _Drained):
                    await receive.drain()
                if method == "OPTIONS":
                    message = _as_options(message)
                status = message["status"]
                given = _with_head(message.get("headers", ()))
                message["headers"] = [*given, *headers, *_plan_use(scope)]
            elif method == "HEAD" or status == 204:
                message = {"type": message["type"], "body": b"", "more_body": False}
            await send(message)

        try:
            if method == "OPTIONS" and _is_from_another_origin(scope):
                await _answer_preflight(send_with_headers)
            else:
                scope["method"] = _ASKED_AS.get(method, method)
                await self._app(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - started
            route = scope.get("path_template") or "-"
            if self._metrics is not None:
                self._metrics.request(method, route, status, seconds)
            self._log.line(request_id, method, path, status, seconds, scope.get(_LOGGED))

    def _cors(self, scope: Scope, path: str) -> list[tuple[bytes, bytes]]:
        """Return the headers that let pages of other origins read the answer, never with cookies.

        `*` opens the source's own paths only; origins named in the settings may use every path.
        """
        origin = next((value for name, value in scope["headers"] if name == b"origin"), None)
        if origin is None:
            return []
        if self._any_origin:
            allowed = b"*" if path.startswith(SOURCE_PATHS) else None
        else:
            allowed = origin if origin in self._origins else None
        if allowed is None:
            return [(b"vary", b"Origin")]
        return [
            (b"access-control-allow-origin", allowed),
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", _ALLOWED_HEADERS),
            (b"access-control-expose-headers", b"X-Request-Id, Retry-After"),
            (b"access-control-max-age", b"86400"),
            (b"vary", b"Origin"),
        ]


def _plan_use(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return what tells a machine how much of its plan is left; nobody else gets it."""
    use = scope.get(PLAN_USE)
    if use is None:
        return []
    per_hour, left = use
    return [
        (b"ratelimit-limit", str(per_hour).encode()),
        (b"ratelimit-remaining", str(left).encode()),
    ]


def _as_options(message: Any) -> Any:
    """Turn the refusal of _NO_METHOD, which names what an address allows, into the answer."""
    if message["status"] != 405:
        return message
    allow = [header for header in message["headers"] if header[0] == b"allow"]
    return {**message, "status": 204, "headers": allow}


def _is_from_another_origin(scope: Scope) -> bool:
    return any(name == b"origin" for name, _ in scope["headers"])


def _with_head(headers: Headers) -> Headers:
    """Name HEAD, which is answered here, wherever GET is allowed."""
    return [
        (name, value + b", HEAD" if name == b"allow" and b"GET" in value else value)
        for name, value in headers
    ]


def _is_large(scope: Scope) -> bool:
    """Tell whether the body may be larger than what a connection takes in before it is read."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return value.isdigit() and int(value) > _SMALL_BODY
        if name == b"transfer-encoding":
            return True
    return False


class _Drained:
    """Takes in a body that nobody wanted before it is answered.

    A client that is still sending when the connection closes sees a broken connection instead of
    the sentence that says what is wrong. Up to a bound: past it the connection closes.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def __call__(self) -> Any:
        message = await self._receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            self._ended = True
        return message

    async def drain(self) -> None:
        taken = 0
        while not self._ended and taken < _MOST_DRAINED:
            taken += len((await self()).get("body", b""))


def _strip_stage(scope: Scope) -> str:
    """Make `/prod/x` and `/x` one address, as behind an API Gateway stage."""
    path: str = scope["path"]
    if path == STAGE or path.startswith(STAGE + "/"):
        path = path[len(STAGE) :] or "/"
        scope["path"] = path
        if scope.get("raw_path"):
            scope["raw_path"] = scope["raw_path"][len(STAGE) :] or b"/"
    return path


async def _answer_preflight(send: Send) -> None:
    """Answer before routing: what an origin may do is in the headers that every answer has."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class AccessLog:
    """One JSON line per request on standard output; `gathered`, a few times a second in one go.

    Paths are logged without their query, which may hold what people typed.
    """

    def __init__(self, *, gathered: bool = True) -> None:
        self._gathered = gathered
        self._lines: list[bytes] = []
        self._scheduled = False

    def line(
        self,
        request_id: str,
        method: str,
        path: str,
        status: int,
        seconds: float,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._lines.append(
            msgspec.json.encode(
                {
                    "event": "request",
                    "level": "info",
                    "timestamp": time.time(),
                    "request_id": request_id,
                    "method": method,
                    "path": path,
                    "status": status,
                    "ms": round(seconds * 1000, 2),
                    **(more or {}),
                }
            )
        )
        if not self._gathered:
            self.flush()
        elif not self._scheduled:
            self._scheduled = True
            _call_later(_LOG_EVERY_S, self.flush)

    def flush(self) -> None:
        """Write what has gathered."""
        self._scheduled = False
        lines, self._lines = self._lines, []
        if lines:
            with contextlib.suppress(BrokenPipeError):  # whoever read the log has gone
                sys.stdout.buffer.write(b"\n".join(lines) + b"\n")
                sys.stdout.buffer.flush()


def log_also(scope: Any, **fields: str) -> None:
    """Have the log line of a request say more; never what people typed."""
    scope.setdefault(_LOGGED, {}).update(fields)


def _call_later(seconds: float, callback: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(seconds, callback)
