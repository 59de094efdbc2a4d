"""A stand-in for Cloudflare's API of DNS records, which behaves as its documentation says.

A second record of a name is taken when its content is another; an identical one is refused with
81058, as it was with 81057 once. A record that is not there cannot be deleted: 81044. Records that
are passed on have a time to live of 1. Names outside the zone are taken for names within.
"""

import ipaddress
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
DOMAIN = "desktops.example"


class CloudflareApi:
    """What is at Cloudflare, and what its next answers are to be."""

    def __init__(self) -> None:
        self.url = ""
        self.token = "right-token"
        self.records: list[dict[str, Any]] = []
        self.identical = 81058  # the code for a record that is there already
        self.page_size = 100  # most records in one page
        self.failures: deque[tuple[int, int]] = deque()  # status and code of the next answers
        self.calls: list[str] = []
        self._number = 0
        self._lock = threading.Lock()

    def add(self, name: str, content: str, **other: Any) -> dict[str, Any]:
        """Have a record that was made elsewhere."""
        self._number += 1
        record = {
            "id": f"{self._number:032x}",
            "type": "A",
            "name": name,
            "content": content,
            "ttl": 1,
            "proxied": True,
            "proxiable": True,
            "created_on": f"2026-03-02T10:00:{self._number:02}Z",
            "modified_on": f"2026-03-02T10:00:{self._number:02}Z",
            "settings": {},
            "meta": {},
            "tags": [],
            **other,
        }
        self.records.append(record)
        return record

    def contents(self, name: str) -> list[str]:
        """Return where a name leads."""
        return [record["content"] for record in self.records if record["name"] == name]

    def answer(self, method: str, path: str, authorization: str | None, body: Any) -> Any:
        """Return the status and the content of an answer."""
        with self._lock:
            self.calls.append(method)
            parts = urlsplit(path)
            if self.failures:
                return _failed(*self.failures.popleft())
            if not authorization:
                return _failed(400, 9106)
            if authorization != f"Bearer {self.token}":
                return _failed(403, 10000)
            root = f"/client/v4/zones/{ZONE}/dns_records"
            if not parts.path.startswith(root):
                return _failed(404, 7003)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            return self._records_call(method, parts.path.removeprefix(root + "/"), query, body)

    def _records_call(self, method: str, wanted: str, query: dict[str, str], body: Any) -> Any:
        if method == "GET":
            return self._page(query)
        if method == "POST":
            return self._create(body)
        record = next((each for each in self.records if each["id"] == wanted), None)
        if record is None:
            return _failed(404, 81044)
        if method == "DELETE":
            self.records.remove(record)
            return _done({"id": wanted})
        return self._put(record, body)

    def _page(self, query: dict[str, str]) -> Any:
        name, kind = query.get("name.exact", query.get("name")), query.get("type")
        found = [
            each
            for each in self.records
            if (name is None or each["name"] == name.lower()) and kind in (None, each["type"])
        ]
        size = min(int(query.get("per_page", 100)), self.page_size)
        page = int(query.get("page", 1))
        rows = found[(page - 1) * size : page * size]
        info = {
            "page": page,
            "per_page": size,
            "count": len(rows),
            "total_count": len(found),
            "total_pages": -(-len(found) // size),
        }
        return _done(rows, result_info=info)

    def _create(self, body: dict[str, Any]) -> Any:
        refused = self._refused(body, None)
        if refused is not None:
            return refused
        return _done(self.add(_within(body["name"]), body["content"], **_values(body)))

    def _put(self, record: dict[str, Any], body: dict[str, Any]) -> Any:
        refused = self._refused(body, record)
        if refused is not None:
            return refused
        record.update(name=_within(body["name"]), content=body["content"], **_values(body))
        return _done(record)

    def _refused(self, body: dict[str, Any], itself: dict[str, Any] | None) -> Any:
        try:
            ipaddress.IPv4Address(body["content"])
        except ValueError:
            return _failed(400, 9005)
        there = [
            each
            for each in self.records
            if each is not itself and (each["name"], each["type"]) == (_within(body["name"]), "A")
        ]
        identical = any(each["content"] == body["content"] for each in there)
        return _failed(400, self.identical) if identical else None


def _within(name: str) -> str:
    name = name.lower()
    return name if name == DOMAIN or name.endswith("." + DOMAIN) else f"{name}.{DOMAIN}"


def _values(body: dict[str, Any]) -> dict[str, Any]:
    proxied = body.get("proxied", False)
    return {"proxied": proxied, "ttl": 1 if proxied else body["ttl"]}


def _done(result: Any, **more: Any) -> Any:
    return 200, {"success": True, "errors": [], "messages": [], "result": result, **more}


def _failed(status: int, code: int) -> Any:
    errors = [{"code": code, "message": "This is refused."}]
    return status, {"success": False, "errors": errors, "messages": [], "result": None}


@contextmanager
def cloudflare_running() -> Iterator[CloudflareApi]:
    """Serve it on a free port of loopback."""
    api = CloudflareApi()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _call(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"null")
            token = self.headers.get("Authorization")
            status, content = api.answer(self.command, self.path, token, body)
            raw = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            if status == 429:
                self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PUT = do_DELETE = _call

        def log_message(self, format: str, *args: Any) -> None:
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_port}/client/v4"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
