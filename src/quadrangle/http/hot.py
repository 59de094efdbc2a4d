"""The hot lane: calls that everyone makes, answered without the framework when they are plain.

It answers as the framework would, byte for byte; what could make a difference it leaves to that.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler

from quadrangle.http.answers.compression import compressed, takes_compressed
from quadrangle.http.answers.errors import refusal_of
from quadrangle.http.answers.plain import headers_of
from quadrangle.http.asking.auth import Asking
from quadrangle.http.bodies.draining import Receive
from quadrangle.http.bodies.strict import BodyReader
from quadrangle.http.gateway import App, Send, WholeAnswer

MOST_BYTES = 64 * 1024
_PLAIN_JSON = re.compile(rb"application/json(; ?charset=utf-8)?", re.IGNORECASE)
# remembered: a server has few names, and is asked by one of them each time
_is_plain_host = lru_cache(256)(re.compile(rb"[0-9A-Za-z.:\[\]-]*").fullmatch)
_PLAIN_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_PARAMETER = re.compile(r"\{(\w+):str\}")
_OF_A_BODY = frozenset({b"content-length", b"transfer-encoding"})
_encode = msgspec.json.Encoder().encode
_CONTENT_TYPE = (b"content-type", b"application/json")


class HotCall(msgspec.Struct, frozen=True):
    """A call as its service declares it beside its route, which says path, method and status.

    `handle` returns what is answered, as the route's handler would; it gets who asks, and the body
    in the shape of `body`, or without one the id that the path ends with.
    """

    route: HTTPRouteHandler
    handle: Callable[[Asking, Any], Awaitable[msgspec.Struct]]
    body: type[msgspec.Struct] | None = None


class HotLane:
    """Wraps an application: plain requests for those of `calls` that have a body are answered here,
    all else there."""

    def __init__(self, app: App, calls: Sequence[HotCall]) -> None:
        self._app = app
        hot = [_Hot(call) for call in calls if call.body]
        self._hot = {(each.method, each.path): each for each in hot}

    def __call__(self, scope: Any, receive: Receive, send: Send) -> Awaitable[None]:
        hot = self._hot.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if (
            hot is not None
            and _is_plain(scope, names := dict(scope["headers"]))
            and (length := _plain_length(names))
        ):
            return self._answer(hot, length, scope, receive, send)
        return self._app(scope, receive, send)

    async def _answer(
        self, hot: "_Hot", length: int, scope: Any, receive: Receive, send: Send
    ) -> None:
        given, receive = await _body(receive, length)
        if given is None:
            await self._app(scope, receive, send)
            return
        status, headers, body = await hot.answer(scope, given)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


class HotReads:
    """Those of `calls` that read what their path ends with the id of."""

    def __init__(self, calls: Sequence[HotCall]) -> None:
        hot = [_Hot(call) for call in calls if not call.body]
        self._hot = {(each.method, each.path): each for each in hot}

    def __call__(self, scope: Any) -> Awaitable[WholeAnswer] | None:
        """Return what answers a plain request, None for others. Implements gateway.AtOnce."""
        beginning, _, last = scope["path"].rpartition("/")
        hot = self._hot.get((scope["method"], beginning))
        if hot is None or _PLAIN_ID.fullmatch(last) is None:
            return None
        names = dict(scope["headers"])
        if not _is_plain(scope, names) or not _OF_A_BODY.isdisjoint(names):
            return None
        if takes_compressed(names):
            return hot.answer_compressed(scope, last)
        return hot.answer(scope, last)


class _Hot:
    """A call with what is made of it once. Without a body its path is that before the id."""

    def __init__(self, call: HotCall) -> None:
        (path,), (method,) = call.route.paths, call.route.http_methods
        self._template = _PARAMETER.sub(r"{\1}", path)
        self.method = str(method)
        self.path = path if call.body else path.rpartition("/")[0]
        self._reader = BodyReader(call.body) if call.body else None
        self._status = call.route.status_code or 200
        self._handle = call.handle

    async def answer(self, scope: Any, subject: Any) -> WholeAnswer:
        scope["path_template"] = self._template
        status, headers = self._status, []
        try:
            if self._reader is not None:
                subject = self._reader.read(subject)
            body = _encode(await self._handle(_PlainRequest(scope), subject))
        except Exception as error:
            refusal = refusal_of(error, path=scope["path"])
            status, body = refusal.status, _encode(refusal.problem)
            headers = [(k.lower().encode(), v.encode()) for k, v in refusal.headers.items()]
        headers += [_CONTENT_TYPE, (b"content-length", b"%d" % len(body))]
        return status, headers, body

    async def answer_compressed(self, scope: Any, subject: Any) -> WholeAnswer:
        status, headers, body = await self.answer(scope, subject)
        return (status, *(compressed(headers, body) if status == 200 else (headers, body)))


class _PlainRequest:
    """Implements http.asking.auth.Asking."""

    __slots__ = ("_headers", "method", "scope")

    def __init__(self, scope: Any) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self._headers: Mapping[str, str] | None = None

    @property
    def headers(self) -> Mapping[str, str]:
        if self._headers is None:
            self._headers = headers_of(self.scope)
        return self._headers

    @property
    def cookies(self) -> Mapping[str, str]:
        # Few reporters have any, and the framework has its own way of reading them.
        return Request(self.scope).cookies if "cookie" in self.headers else {}


def _is_plain(scope: Any, names: dict[bytes, bytes]) -> bool:
    """Tell whether each header is there once, and nothing says that the path is not the path."""
    return (
        len(names) == len(scope["headers"])
        and not scope.get("query_string")
        and not scope.get("root_path")
        and _is_plain_host(names.get(b"host", b"")) is not None
    )


def _plain_length(names: dict[bytes, bytes]) -> int:
    """Return how many bytes of JSON are announced, 0 where the framework shall see to it."""
    length = names.get(b"content-length", b"")
    if not length.isdigit() or len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES:
        return 0
    return int(length) if _PLAIN_JSON.fullmatch(names.get(b"content-type", b"")) else 0


async def _body(receive: Receive, length: int) -> tuple[bytes | None, Receive]:
    """Return a body that is what was announced, else None; and what gives it again from the
    beginning.

    That nothing follows is not waited for: a server takes no more than was announced.
    """
    came: list[Any] = []
    size, more = 0, True
    while more and size < length:
        message = await receive()
        came.append(message)
        size += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    if size == length and came[-1]["type"] == "http.request":
        return b"".join(message.get("body", b"") for message in came), receive

    async def again() -> Any:
        return came.pop(0) if came else await receive()

    return None, again
