"""JSON travels compressed to those who take it so."""

import gzip
from typing import Any

from quadrangle.http.gateway import App

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

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _takes_it(scope["headers"]):
            await self._app(scope, receive, send)
            return
        start: Any = None

        async def compressing(message: Any) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_json(message):
                start = message
                return
            if start is not None:
                first, start = start, None
                body = message.get("body", b"")
                if not message.get("more_body") and LEAST <= len(body) <= MOST:
                    body = gzip.compress(body, _LEVEL, mtime=0)
                    first = {**first, "headers": _headers(first["headers"], len(body))}
                    message = {**message, "body": body}
                await send(first)
            await send(message)

        await self._app(scope, receive, compressing)


def _takes_it(headers: Any) -> bool:
    names = dict(headers)
    return b"gzip" in names.get(b"accept-encoding", b"") and not _OURS.isdisjoint(names)


def _is_json(start: Any) -> bool:
    headers = {name.lower(): value for name, value in start.get("headers", ())}
    is_json = headers.get(b"content-type", b"").startswith(b"application/json")
    return start["status"] == 200 and is_json and b"content-encoding" not in headers


def _headers(headers: Any, length: int) -> list[tuple[bytes, bytes]]:
    """Return the headers of the same content in another form: its ETag becomes a weak one."""
    kept = []
    for name, value in headers:
        if name.lower() == b"etag" and not value.startswith(b"W/"):
            kept.append((name, b"W/" + value))
        elif name.lower() != b"content-length":
            kept.append((name, value))
    own = [(b"content-length", str(length).encode()), (b"content-encoding", b"gzip")]
    return [*kept, *own, (b"vary", b"Accept-Encoding")]
