"""Our server as whoever has the administrator's password uses it."""

from __future__ import annotations

import base64
import http.client
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.ours import ADMIN, quadrangle

PATIENCE_S = 300
_TUS = {"Tus-Resumable": "1.0.0"}


class Campus:
    """A server at `base`; `headers` are of somebody signed in there."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.headers: dict[str, str] = {}
        email, password = ADMIN
        body = {"email": email, "password": password}
        token = self.call("POST", "/api/accounts/sign-in", body)["accessToken"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return the JSON of an answer. Raises urllib.error.HTTPError."""
        data = None if body is None else json.dumps(body).encode()
        headers = {**self.headers, "Content-Type": "application/json"}
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def upload(self, path: Path) -> int:
        """Send a film; return the number of its video, which is private, once it is ready."""
        location = send_by_tus(self.base, "/api/uploads", path, self.headers)
        video_id = self.call("GET", location)["videoId"]
        if self.ended(video_id) != "ready":
            raise RuntimeError(f"{path.name} was not processed")
        return video_id

    def ended(self, video_id: int) -> str:
        """Return what a video's status is once all is done with it."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            video = self.call("GET", f"/api/gallery/videos/{video_id}")
            if video["status"] in ("ready", "failed"):
                return video["status"]
            time.sleep(0.2)
        raise TimeoutError("The video was not processed in time.")


def send_by_tus(base: str, place: str, path: Path, headers: dict[str, str]) -> str:
    """Upload a file in one piece to whatever speaks tus; return the path of the upload."""
    size = str(path.stat().st_size)
    name = base64.b64encode(path.name.encode()).decode()
    announced = {**headers, **_TUS, "Upload-Length": size, "Upload-Metadata": f"filename {name}"}
    piece = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=PATIENCE_S)
    connection.blocksize = 1 << 20
    try:
        connection.request("POST", place, headers={**announced, "Content-Length": "0"})
        begun = connection.getresponse()
        begun.read()
        if begun.status != 201:
            raise RuntimeError(f"no upload was begun: {begun.status}")
        location = urllib.parse.urljoin(base + place, begun.headers["Location"])
        location = urlsplit(location).path
        with path.open("rb") as file:
            connection.request(
                "PATCH", location, file, {**headers, **_TUS, **piece, "Content-Length": size}
            )
        sent = connection.getresponse()
        sent.read()
        if sent.status != 204 or sent.headers["Upload-Offset"] != size:
            raise RuntimeError(f"the upload was not taken: {sent.status}")
    finally:
        connection.close()
    return location


@contextmanager
def running(folder: Path) -> Iterator[Campus]:
    """Run the server with its data below `folder`, and be signed in."""
    server = quadrangle()
    base = server.start(folder)
    try:
        yield Campus(base)
    finally:
        server.stop()
