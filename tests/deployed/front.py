"""Stands for CloudFront, which the stand-in for AWS does not play: pages, photos and the API.

Pages are served by what serves them on one machine, from the same files; tests/aws compares what
CloudFront is told (deploy/aws/pages.yaml) with that. Photos and films are in front_files.py.
"""

import asyncio
import contextlib
import http.client
import sys
import threading
from collections.abc import Sequence
from fnmatch import fnmatchcase
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from quadrangle.hosts.lambdas.base.description import description
from quadrangle.hosts.one_machine.pages import WEB, Pages, page_address
from quadrangle.hosts.one_machine.services import PATHS
from tests.deployed.front_files import FrontFiles

IS_PAGE = page_address(PATHS)
FRONT_SECRET = "the-front-of-the-stand-in"
STAGE = "/prod/"  # what begins so goes to the API
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that has gone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Front:
    """Serves at `base`, a free port of loopback; by its name, as an address of numbers cannot have
    passkeys, and an issuer at 127.0.0.1 is another site to browsers."""

    def __init__(self) -> None:
        self._handler = type("Handler", (_Handler,), {})
        self._server = _Server(("127.0.0.1", 0), self._handler)
        self.base = f"http://localhost:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self, api: str, sent_to: str, files: Sequence[FrontFiles]) -> "Front":
        """Answer from now on; `api` is the stage's address, `sent_to` where pages send
        photos and films, past the API."""
        self._handler.base, self._handler.files = self.base, files
        self._handler.api, self._handler.sent_to = urlsplit(api), sent_to
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    base: str
    api: Any
    sent_to: str
    files: Sequence[FrontFiles]
    pages = Pages(WEB)

    def do_GET(self) -> None:
        if files := self._files():
            self._file(files)
        elif urlsplit(self.path).path == "/api/openapi.json":
            self._answer(200, [("content-type", "application/json")], description())
        elif not self.path.startswith(STAGE) and IS_PAGE(urlsplit(self.path).path):
            self._page()
        else:
            self._pass_on()

    def _page(self) -> None:
        messages: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        headers = [(k.lower().encode(), v.encode()) for k, v in self.headers.items()]
        scope = {"method": "GET", "path": urlsplit(self.path).path, "headers": headers}
        asyncio.run(self.pages(scope, None, send))
        start, body = messages[0], messages[1]["body"]
        kept = []
        for name, value in start["headers"]:
            text = value.decode()
            if name == b"content-security-policy":
                text = text.replace("connect-src 'self'", f"connect-src 'self' {self.sent_to}")
            if name != b"content-length":
                kept.append((name.decode(), text))
        self._answer(start["status"], kept, body)

    def _files(self) -> FrontFiles | None:
        path = urlsplit(self.path).path
        return next((each for each in self.files if fnmatchcase(path, each.pattern)), None)

    def _file(self, files: FrontFiles) -> None:
        path, cookies = urlsplit(self.path).path, SimpleCookie(self.headers.get("cookie", ""))
        given = {name: morsel.value for name, morsel in cookies.items()}
        self._answer(*files.answer(self.command, self.base + self.path, path, given))

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # who asked has gone
                self.wfile.write(body)

    def do_other(self) -> None:
        if files := self._files():
            self._file(files)
        else:
            self._pass_on()

    def _pass_on(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length) if length else None
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
        headers["X-Quadrangle-Front"] = FRONT_SECRET
        headers["X-Forwarded-For"] = f"{self.client_address[0]}, 192.0.2.1"
        path = self.path[len(STAGE) - 1 :] if self.path.startswith(STAGE) else self.path
        passed = http.client.HTTPConnection(self.api.netloc, timeout=60)
        try:
            passed.request(self.command, self.api.path + path, body, headers)
            answer = passed.getresponse()
            content = answer.read()
        finally:
            passed.close()
        kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in _HOP_BY_HOP]
        self._answer(answer.status, kept, content)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = do_other

    def log_message(self, format: str, *arguments: Any) -> None:
        return
