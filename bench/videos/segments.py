"""Segments of a private video, beside nginx that serves the same files to anyone.

Ours looks at the grant of each request, then has the server below the application send the file.
Both have one process, and a log of what was asked.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.peers.base import ReadCall
from bench.peers.load import measure
from bench.peers.process import Server, free_ports
from bench.videos.campus import Campus

CONNECTIONS = 8
AIM = 0.8
RANGE = 1 << 20
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
_CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
{user}
events {{ worker_connections 512; }}
http {{
  sendfile on; tcp_nopush on; tcp_nodelay on; access_log {folder}/access.log;
  types {{ video/iso.segment m4s; }}
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port} reuseport; root {root}; }}
}}
"""


class _Case(NamedTuple):
    name: str
    file: Path
    headers: dict[str, str]

    @property
    def size(self) -> int:
        """How many bytes one answer has."""
        return RANGE if self.headers else self.file.stat().st_size


def run(campus: Campus, video_id: int, folder: Path, rounds: int, seconds: int) -> str:
    """Measure the video by turns; `folder` has the server's `data`. Returns a section."""
    head = "### Segments of a private video\n\n"
    if NGINX is None or shutil.which("wrk") is None:
        return f"{head}Not measured. nginx or wrk is missing: apt install nginx-light wrk\n"
    grant = campus.call("GET", f"/api/stream/{video_id}")["url"]
    address = grant[grant.index("/m/") :].rpartition("/")[0]
    (root,) = (folder / "data" / "videos").glob("*/r-*")
    cases = _cases(root)
    seen: dict[str, list[tuple[float, float]]] = {case.name: [] for case in cases}
    with _nginx(root, folder) as peer:
        for _ in range(rounds):
            for case in cases:
                path = case.file.relative_to(root)
                ours = _rate(campus.base, f"{address}/{path}", case, seconds, folder)
                seen[case.name].append((ours, _rate(peer, f"/{path}", case, seconds, folder)))
    lines = [f"| {CONNECTIONS} connections | ours | nginx | ours of it (aim: at least {AIM}) |"]
    lines.append("|---" * 4 + "|")
    for case in cases:
        pairs = seen[case.name]
        cells = [f"{statistics.median(each):,.0f} MB/s" for each in zip(*pairs, strict=True)]
        ratio = statistics.median(a / b for a, b in pairs)
        lines.append(f"| {case.name} | {' | '.join(cells)} | {ratio:.2f} × |")
    return head + "\n".join(lines) + "\n"


def _cases(root: Path) -> list[_Case]:
    segments = sorted(root.glob("*/*.m4s"), key=lambda path: path.stat().st_size)
    large, middle, small = segments[-1], segments[len(segments) // 2], segments[0]
    part = {"Range": f"bytes=100000-{100_000 + RANGE - 1}"}
    return [
        _Case(f"the largest segment, {large.stat().st_size / 1e6:.1f} MB", large, {}),
        _Case("a range of 1 MiB of it", large, part),
        _Case(f"one of middle size, {middle.stat().st_size / 1e3:.0f} kB", middle, {}),
        _Case(f"the smallest segment, {small.stat().st_size / 1e3:.0f} kB", small, {}),
    ]


def _rate(base: str, path: str, case: _Case, seconds: int, folder: Path) -> float:
    """Return MB a second."""
    call = ReadCall("GET", path, case.headers)
    seen = measure(base, call, connections=CONNECTIONS, seconds=seconds, workdir=folder)
    if seen.failed:
        print(f"{base}, {case.name}: {seen.failed} failed", file=sys.stderr)
    return seen.per_second * case.size / 1e6


@contextmanager
def _nginx(root: Path, folder: Path) -> Iterator[str]:
    """Serve the files below `root`, and give the base URL."""
    assert NGINX is not None
    own = folder / "nginx"
    own.mkdir()
    (port,) = free_ports(1)
    # it gives up root's rights else, and the files of a video are for its owner alone
    user = "user root;" if Path("/proc/self").owner() == "root" else ""
    configuration = own / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=own, port=port, root=root, user=user))
    command = [NGINX, "-e", str(own / "error.log"), "-c", str(configuration)]
    server = Server(command, cwd=own, env={"PATH": "/usr/sbin:/usr/bin:/bin"}, log=own / "log")
    base = f"http://127.0.0.1:{port}"
    try:
        server.wait_until_status(base, "/none", 404)
        yield base
    finally:
        server.stop()
