"""The outermost layer of every request: stage prefix, request id, CORS, log line, headers, and that
nothing keeps what does not say for how long it holds."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

import msgspec

from quadrangle.http.access_log import LOGGED, AccessLog
from quadrangle.http.asking.auth import PLAN_USE
from quadrangle.http.asking.origins import CHANGING, FOREIGN, is_ours
from quadrangle.http.bodies.draining import Drained, Receive, is_large
from quadrangle.http.bodies.times import Timely, has_body
from quadrangle.kernel.ids import REQUEST_ID, new_request_id

Scope = MutableMapping[str, Any]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]
WholeAnswer = tuple[int, list[tuple[bytes, bytes]], bytes]  # status, headers, body
# Returns what answers a request that reads, has no body and waits for nobody; None for others.
AtOnce = Callable[[Any], Awaitable[WholeAnswer] | None]

STAGE = "/prod"
_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_ALLOWED_HEADERS = (
    b"Content-Type, Authorization, Idempotency-Key, X-Api-Key, X-Join-Key, X-Requested-With, "
    b"Range, Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata, Upload-Checksum"
)
_EXPOSED_HEADERS = (
    b"X-Request-Id, Retry-After, Location, Content-Range, Tus-Resumable, Tus-Version, "
    b"Tus-Extension, Tus-Max-Size, Upload-Offset, Upload-Length, Upload-Metadata, Upload-Expires"
)
_SECURITY_HEADERS: list[tuple[bytes, bytes]] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_NOT_KEPT = (b"cache-control", b"no-store")
# A method that no address offers. The framework's own answer to OPTIONS leaves out methods.
_NO_METHOD = "TRACE"
# Others count as one in the metrics: a client may make up any number of them.
_COUNTED = frozenset(_METHODS.decode().split(", "))
_ASKED_AS = {"HEAD": "GET", "OPTIONS": _NO_METHOD}
# Where handlers find the method that was asked by, HEAD being answered as GET.
ASKED_METHOD = "quadrangle.asked_method"


class RequestMetrics(Protocol):
    """Counts answered requests; times in seconds, `route` is the template of the address."""

    def request(self, method: str, route: str, status: int, seconds: float) -> None: ...


class Gateway:
    """Wraps the application; see the module's first line.

    Pages of `cors_origins` may read what it answers, those of any origin, where `*` is among them,
    what begins with one of `open_paths`. Pages of other origins than those and `own_origins` change
    nothing, with cookies or without: they would sign visitors in and out.
    """

    def __init__(
        self,
        app: App,
        *,
        cors_origins: tuple[str, ...],
        open_paths: tuple[str, ...],
        own_origins: frozenset[str] = frozenset(),
        metrics: RequestMetrics | None,
        log: AccessLog,
        at_once: AtOnce | None = None,
    ) -> None:
        self._app = app
        self._at_once = at_once
        self._origins = frozenset(origin.encode() for origin in cors_origins)
        self._open_paths = open_paths
        self._any_origin = b"*" in self._origins
        self._may_change = own_origins | (frozenset(cors_origins) - {"*"})
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                _strip_stage(scope)
            await self._app(scope, receive, send)
            return
        path = _strip_stage(scope)
        if self._at_once is not None and (answer := self._at_once(scope)) is not None:
            await self._answer_at_once(answer, scope, send)
        else:
            await self._answer(scope, path, receive, send)

    async def _answer_at_once(
        self, answer: Awaitable[WholeAnswer], scope: Scope, send: Send
    ) -> None:
        started, request_id, own = self._begun(scope)
        status = 500
        try:
            status, headers, body = await answer
            headers += (_NOT_KEPT, *own)
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body, "more_body": False})
        finally:
            self._ended(scope, scope["method"], scope["path"], request_id, status, started)

    def _begun(self, scope: Scope) -> tuple[float, str, list[tuple[bytes, bytes]]]:
        """Return when a request began, its id, and the headers that every answer has."""
        started = time.perf_counter()
        request_id = new_request_id()
        REQUEST_ID.set(request_id)
        own = [(b"x-request-id", request_id.encode()), *_SECURITY_HEADERS]
        own += self._cors(scope, scope["path"])
        return started, request_id, own

    def _ended(
        self, scope: Scope, method: str, path: str, request_id: str, status: int, started: float
    ) -> None:
        """Count a request and log it, as it was asked: what answers may have changed its scope."""
        seconds = time.perf_counter() - started
        if self._metrics is not None:
            counted = method if method in _COUNTED else "other"
            self._metrics.request(counted, scope.get("path_template") or "-", status, seconds)
        self._log.line(request_id, method, path, status, seconds, scope.get(LOGGED))

    async def _answer(self, scope: Scope, path: str, receive: Receive, send: Send) -> None:
        started, request_id, headers = self._begun(scope)
        method = scope["method"]
        status = 500

        timely = Timely(receive, scope) if has_body(scope) else None
        if timely is not None:
            receive = Drained(timely) if is_large(scope) else timely

        async def send_with_headers(message: Any) -> None:
            nonlocal status
            if timely is not None:
                message = timely.said(message)
            if message["type"] == "http.response.start":
                if isinstance(receive, Drained):
                    await receive.drain()
                if method == "OPTIONS":
                    message = _as_options(message)
                status = message["status"]
                message["headers"] = [*_given(message), *headers, *_plan_use(scope)]
            elif method == "HEAD" or status == 204:
                message = {"type": message["type"], "body": b"", "more_body": False}
            await send(message)

        try:
            await self._answering(scope, path)(scope, receive, send_with_headers)
        finally:
            self._ended(scope, method, path, request_id, status, started)

    def _answering(self, scope: Scope, path: str) -> App:
        """Return what answers a request."""
        method = scope["method"]
        if method == "OPTIONS" and _is_from_another_origin(scope):
            return _answer_preflight
        if self._is_foreign(scope, path):
            return _refuse_foreign
        scope[ASKED_METHOD] = method
        scope["method"] = _ASKED_AS.get(method, method)
        return self._app

    def _is_foreign(self, scope: Scope, path: str) -> bool:
        if scope["method"] not in CHANGING:
            return False
        is_open = self._any_origin and path.startswith(self._open_paths)
        return not is_open and not is_ours(scope, self._may_change)

    def _cors(self, scope: Scope, path: str) -> list[tuple[bytes, bytes]]:
        """Return the headers that let pages of other origins read the answer, never with cookies.

        `*` opens the open paths only; origins named in the settings may use every path.
        """
        origin = _origin(scope)
        if origin is None:
            return []
        if self._any_origin:
            allowed = b"*" if path.startswith(self._open_paths) else None
        else:
            allowed = origin if origin in self._origins else None
        if allowed is None:
            return [(b"vary", b"Origin")]
        return [
            (b"access-control-allow-origin", allowed),
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", _ALLOWED_HEADERS),
            (b"access-control-expose-headers", _EXPOSED_HEADERS),
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
    return _origin(scope) is not None


def _origin(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"origin":
            return value
    return None


def _given(message: Any) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer. They name HEAD, which is answered here, wherever GET is
    allowed, and keep it out of caches, unless it says itself for how long it holds."""
    given, says_how_long = list[tuple[bytes, bytes]](), False
    for name, value in message.get("headers", ()):
        if name == b"allow" and b"GET" in value:
            value += b", HEAD"
        elif name.lower() == b"cache-control":
            says_how_long = True
        given.append((name, value))
    return given if says_how_long else [*given, _NOT_KEPT]


def _strip_stage(scope: Scope) -> str:
    """Make `/prod/x` and `/x` one address, as behind an API Gateway stage."""
    path: str = scope["path"]
    if path == STAGE or path.startswith(STAGE + "/"):
        path = path[len(STAGE) :] or "/"
        scope["path"] = path
        if scope.get("raw_path"):
            scope["raw_path"] = scope["raw_path"][len(STAGE) :] or b"/"
    return path


async def _refuse_foreign(scope: Scope, receive: Receive, send: Send) -> None:
    body = msgspec.json.encode({"message": FOREIGN})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _answer_preflight(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer before routing: what an origin may do is in the headers that every answer has."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})
