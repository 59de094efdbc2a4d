"""Serves the pages as they are: static files with clean addresses, compressed once.

Pages name scripts and the like at addresses of their version, which browsers keep without asking.
"""

import gzip
import hashlib
import mimetypes
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from quadrangle.hosts.shared.assets import FOLDERS, KEPT, Version, with_versions
from quadrangle.hosts.shared.page_policy import CSP, csp_with
from quadrangle.http.answers.errors import problem_of
from quadrangle.http.gateway import App

WEB = Path(__file__).parents[2] / "web"

CACHE_CONTROL = "no-cache"  # browsers keep a page and ask whether it changed
_JSON = [(b"content-type", b"application/json")]
_COMPRESSED = {".html", ".css", ".js", ".mjs", ".svg", ".json", ".txt", ".webmanifest"}
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/manifest+json", ".webmanifest")


class _File(msgspec.Struct, frozen=True):
    changed_ns: int
    version: str  # of what a page names; empty for what is no page
    body: bytes
    gzipped: bytes | None
    etag: bytes
    mime: bytes


class Pages:
    """Files below `root`: `/` is index.html, `/report` is report.html.

    `embeds` names pages that may load scripts and frames of another origin too. Whether a script
    changed, whose pages then name another version, is looked at every `again_s` seconds.
    """

    def __init__(
        self, root: Path, embeds: Mapping[str, str] | None = None, *, again_s: float = 1.0
    ) -> None:
        self._root = root
        self._version = Version(root, again_s)
        self._policies = {page: csp_with(origin) for page, origin in (embeds or {}).items()}
        self._files: dict[str, _File] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer GET; what is not there gets the not-found page, with status 404."""
        if scope["method"] != "GET":
            await self._refuse(scope, send)
            return
        file, status = self._find(scope["path"]), 200
        is_kept = file is not None and self._is_current(scope["path"])
        if file is None:
            file, status = self._find("/not-found"), 404
        if file is None:
            await _respond(send, 404, [(b"content-type", b"text/plain")], b"Not found")
            return
        wanted = dict(scope["headers"])
        headers = [
            (b"content-type", file.mime),
            (b"etag", file.etag),
            (b"cache-control", (KEPT if is_kept else CACHE_CONTROL).encode()),
            (b"vary", b"Accept-Encoding"),
            (b"x-frame-options", b"DENY"),
            (b"content-security-policy", self._policy_of(scope["path"]).encode()),
        ]
        if status == 200 and file.etag in wanted.get(b"if-none-match", b""):
            await _respond(send, 304, headers, b"")
            return
        body = file.body
        if file.gzipped is not None and b"gzip" in wanted.get(b"accept-encoding", b""):
            headers.append((b"content-encoding", b"gzip"))
            body = file.gzipped
        await _respond(send, status, headers, body)

    def _is_current(self, path: str) -> bool:
        """Whether the address is of the version that is there now. Another one, of a page that was
        opened before an upgrade, gets what there is, and asks for it again the next time."""
        parts = _parts(path)
        return _is_versioned(parts) and parts[1] == self._version.at(time.monotonic())

    def _policy_of(self, path: str) -> str:
        page = "/" + "/".join(_parts(path))
        return self._policies.get(page.removesuffix(".html"), CSP)

    async def _refuse(self, scope: Any, send: Any) -> None:
        status = 404 if self._find(scope["path"]) is None else 405
        allow = [(b"allow", b"GET, OPTIONS")] if status == 405 else []
        await _respond(send, status, [*_JSON, *allow], msgspec.json.encode(problem_of(status)))

    def _find(self, path: str) -> _File | None:
        parts = _parts(path)
        if _is_versioned(parts):
            parts = parts[2:]
        if any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
            return None
        name = "/".join(parts) or "index"
        if "." not in name.rsplit("/", 1)[-1]:
            name += ".html"
        return self._read(name)

    def _read(self, name: str) -> _File | None:
        try:
            path = self._root / name
            stat = os.stat(path)
        except (OSError, ValueError):
            return None
        version = self._version.at(time.monotonic()) if name.endswith(".html") else ""
        known = self._files.get(name)
        if known is not None and (known.changed_ns, known.version) == (stat.st_mtime_ns, version):
            return known
        if not path.is_file():
            return None
        self._files[name] = file = _load(path, stat.st_mtime_ns, version)
        return file


def _parts(path: str) -> list[str]:
    """Return the names in an address, one list however many slashes are between them: a file is
    kept under one name, so there are never more kept than there are files."""
    return [part for part in path.split("/") if part]


def _is_versioned(parts: list[str]) -> bool:
    return len(parts) > 3 and parts[0] == "v" and parts[2] in FOLDERS


def with_pages(app: App, pages: Pages, paths: Sequence[str]) -> App:
    """Have pages answer at every address that is not the API's: under /api, or among `paths`, of
    which one that ends in a slash stands for all that begin so."""
    is_page = page_address(paths)

    async def route(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and is_page(scope["path"]):
            await pages(scope, receive, send)
        else:
            await app(scope, receive, send)

    return route


def page_address(paths: Sequence[str]) -> Callable[[str], bool]:
    """Return what tells whether an address is a page's; `paths` as in `with_pages`."""
    beginnings = ("/api/", *(path for path in paths if path.endswith("/")))
    whole = frozenset(path for path in paths if not path.endswith("/"))

    def is_page(path: str) -> bool:
        return path == "/api/docs" or (path not in whole and not path.startswith(beginnings))

    return is_page


def content_type_of(name: str) -> str:
    """Return the Content-Type of a file by its name."""
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if mime.startswith("text/") or mime.endswith(("json", "javascript")):
        mime += "; charset=utf-8"
    return mime


def _load(path: Path, changed_ns: int, version: str) -> _File:
    body = path.read_bytes()
    if version:
        body = with_versions(body, version)
    compressed = gzip.compress(body, 9) if path.suffix in _COMPRESSED else None
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    mime = content_type_of(path.name).encode()
    return _File(changed_ns, version, body, compressed, etag.encode(), mime)


async def _respond(send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    if status != 304:
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
