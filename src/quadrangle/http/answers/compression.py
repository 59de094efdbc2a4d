"""JSON travels compressed to those who take it so."""

import gzip
from collections.abc import Awaitable, Mapping
from typing import Any

from quadrangle.http.gateway import App

Headers = list[tuple[bytes, bytes]]
LEAST = 1024  # bytes: what is shorter fits into a packet as it is
MOST = 2**20  # what is longer would hold up the others while it is compressed
_LEVEL = 4
# A page of another origin cannot send these with a request: nobody else makes a browser ask again
# and again to learn from lengths what stands beside words of theirs.
_OURS = frozenset({b"x-requested-with", b"authorization", b"x-api-key"})


class CompressedJson:
    """Wraps the application: what is JSON and sent in one piece to our own pages and to programs is
    compressed; streams and files go as they are."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        is_reading = scope["type"] == "http" and scope["method"] == "GET"
        if is_reading and takes_compressed(dict(scope["headers"])):
            return self._compressed(scope, receive, send)
        return self._app(scope, receive, send)

    async def _compressed(self, scope: Any, receive: Any, send: Any) -> None:
        start: Any = None

        async def compressing(message: Any) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_json(message):
                start = message
                return
            if start is not None:
                first, start = start, None
                if not message.get("more_body"):
                    headers, body = compressed(first["headers"], message.get("body", b""))
                    first = {**first, "headers": headers}
                    message = {**message, "body": body}
                await send(first)
            await send(message)

        await self._app(scope, receive, compressing)


def compressed(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """Return how JSON travels that whoever asked takes compressed."""
    if not LEAST <= len(body) <= MOST:
        return headers, body
    body = gzip.compress(body, _LEVEL, mtime=0)
    return _headers(headers, len(body)), body


def takes_compressed(names: Mapping[bytes, bytes]) -> bool:
    """Tell from the headers of a request whether JSON may be compressed for it."""
    encodings = names.get(b"accept-encoding")
    return encodings is not None and b"gzip" in encodings and not _OURS.isdisjoint(names)


def _is_json(start: Any) -> bool:
    headers = {name.lower(): value for name, value in start.get("headers", ())}
    is_json = headers.get(b"content-type", b"").startswith(b"application/json")
    return start["status"] == 200 and is_json and b"content-encoding" not in headers


def _headers(headers: Headers, length: int) -> Headers:
    """Return the headers of the same content in another form: its ETag becomes a weak one."""
    kept = []
    for name, value in headers:
        if name.lower() == b"etag" and not value.startswith(b"W/"):
            kept.append((name, b"W/" + value))
        elif name.lower() != b"content-length":
            kept.append((name, value))
    own = [(b"content-length", str(length).encode()), (b"content-encoding", b"gzip")]
    return [*kept, *own, (b"vary", b"Accept-Encoding")]
