"""Media at signed addresses: whole or in ranges, each file checked by its own address.

Playlists name what lies beside them, so players follow without query, header or cookie. No route
of the framework, which knows no ranges and reads files where the server below can send them.
"""

import asyncio
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from quadrangle.http.access_log import log_also
from quadrangle.http.answers.plain import Send, answer, headers_of, method_of, refuse, refuse_for
from quadrangle.http.answers.ranges import NotSatisfiable, range_of
from quadrangle.kernel.errors import QuadrangleError
from quadrangle.videos.streaming.grants import Grants, Opened

ROOT = "/m/"
_PIECE = 256 * 1024
_TYPES = {
    "m3u8": "application/vnd.apple.mpegurl",
    "m4s": "video/iso.segment",
    "mp4": "video/mp4",
    "m4a": "audio/mp4",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "vtt": "text/vtt; charset=utf-8",
}
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Accept-Ranges": "bytes",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class _Found(msgspec.Struct, frozen=True):
    path: Path
    size: int
    etag: str


class Media:
    """The ASGI application below ROOT. `place` returns where a file is."""

    def __init__(self, grants: Grants, place: Callable[[Opened], Path]) -> None:
        self._grants = grants
        self._place = place

    def takes(self, scope: Any) -> bool:
        """Tell whether a request is one of ours."""
        return scope["path"].startswith(ROOT)

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        method = method_of(scope)
        parts = scope["path"][len(ROOT) :].split("/", 3)
        # the signature opens it for whoever reads the log
        log_also(scope, path=f"{ROOT}{parts[0][:15]}/-/-/{parts[-1][:80]}")
        scope["path_template"] = ROOT + "{videoId}"
        if method == "OPTIONS":
            await answer(send, 204, {"Allow": "GET, HEAD, OPTIONS"})
        elif method not in ("GET", "HEAD"):
            await refuse(send, 405, headers={"Allow": "GET, HEAD, OPTIONS"})
        elif len(parts) < 4:
            await refuse(send, 404)
        else:
            try:
                await self._serve(scope, send, parts, is_head=method == "HEAD")
            except QuadrangleError as error:
                await refuse_for(send, error)

    async def _serve(self, scope: Any, send: Send, parts: list[str], *, is_head: bool) -> None:
        opened = await self._grants.open(*parts)
        if opened is None:
            await refuse(
                send, 403, "This address does not hold any more. Please open the page again."
            )
            return
        await serve_file(scope, send, self._place(opened), opened.file, is_head=is_head)


async def serve_file(scope: Any, send: Send, path: Path, name: str, *, is_head: bool) -> None:
    """Answer with a file, or what is asked of it; `name` tells its type."""
    found = await asyncio.to_thread(_find, path)
    if found is None:
        await refuse(send, 404)
        return
    headers = {**_HEADERS, "Content-Type": media_type(name), "ETag": found.etag}
    asked = headers_of(scope)
    if found.etag in asked.get("if-none-match", ""):
        await answer(send, 304, headers)
        return
    await _send_file(scope, send, found, headers, asked, is_head=is_head)


async def _send_file(
    scope: Any,
    send: Send,
    found: _Found,
    headers: dict[str, str],
    asked: dict[str, str],
    *,
    is_head: bool,
) -> None:
    is_same = asked.get("if-range", found.etag) == found.etag
    try:
        wanted = range_of(asked.get("range"), found.size) if is_same else None
    except NotSatisfiable:
        await answer(send, 416, {**headers, "Content-Range": f"bytes */{found.size}"})
        return
    first, length = (0, found.size) if wanted is None else wanted
    headers = {**headers, "Content-Length": str(length)}
    if wanted is not None:
        headers["Content-Range"] = f"bytes {first}-{first + length - 1}/{found.size}"
    status = 200 if wanted is None else 206
    if is_head:
        await answer(send, status, headers)
        return
    await send({"type": "http.response.start", "status": status, "headers": _encoded(headers)})
    if wanted is None and "http.response.pathsend" in (scope.get("extensions") or {}):
        await send({"type": "http.response.pathsend", "path": str(found.path)})
        return
    await _send_piecewise(send, found.path, first, length)


async def _send_piecewise(send: Send, path: Path, first: int, length: int) -> None:
    descriptor = await asyncio.to_thread(os.open, path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while length > 0:
            piece = await asyncio.to_thread(os.pread, descriptor, min(_PIECE, length), first)
            if not piece:
                break
            first, length = first + len(piece), length - len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": length > 0})
    finally:
        os.close(descriptor)


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


def _find(path: Path) -> _Found | None:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return _Found(path, found.st_size, f'"{found.st_mtime_ns:x}-{found.st_size:x}"')


def media_type(name: str) -> str:
    """Return the Content-Type of a file of a rendition."""
    return _TYPES[name.rpartition(".")[2]]
