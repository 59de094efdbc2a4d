"""An upload by tus, ours beside `@tus/server`, with the same client, over loopback.

Ours is on disk when it is answered, and a video in the gallery; the other's is written only.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from bench.peers.base import PeerError
from bench.peers.tus_peer import TusPeer
from bench.videos.campus import Campus, running, send_by_tus

SIZE_MB = 200
ROUNDS = 5
AIM = 0.9


def run(cache: Path, rounds: int) -> str:
    """Measure by turns and return a section of the page of results."""
    head = "### Uploads\n\n"
    peer = TusPeer()
    missing = peer.available()
    if missing is not None:
        return f"{head}Not measured. {missing}\n"
    try:
        peer.install(cache)
        with tempfile.TemporaryDirectory(dir=cache, prefix="uploads-") as name:
            return head + _table(*_measured(peer, Path(name), max(rounds, ROUNDS)))
    except PeerError as error:
        return f"{head}Not measured. {error}\n"


def _table(ours: list[float], theirs: list[float]) -> str:
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    rows = [
        ("ours", f"{statistics.median(ours):,.0f} MB/s"),
        (TusPeer.name, f"{statistics.median(theirs):,.0f} MB/s"),
        (f"ours of it (aim: at least {AIM} ×)", f"{ratio:.2f} ×"),
    ]
    head = f"| {SIZE_MB} MB in one piece | |\n|---|---|\n"
    return head + "".join(f"| {a} | {b} |\n" for a, b in rows)


def _measured(peer: TusPeer, folder: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Return the rates of both in MB a second, one of each round."""
    film = folder / "film.mp4"
    with film.open("wb") as file:
        for _ in range(SIZE_MB):
            file.write(os.urandom(1_000_000))
    ours, theirs = [], []
    with running(folder) as campus:
        _ours(campus, film)  # its first call finds little loaded
        for _ in range(rounds):
            ours.append(SIZE_MB / _ours(campus, film))
            theirs.append(SIZE_MB / _theirs(peer, folder, film))
    return ours, theirs


def _ours(campus: Campus, film: Path) -> float:
    """Return how many seconds it took; what is done with it afterwards is over then."""
    os.sync()
    began = time.perf_counter()
    location = send_by_tus(campus.base, "/api/uploads", film, campus.headers)
    took = time.perf_counter() - began
    video_id = campus.call("GET", location)["videoId"]
    campus.ended(video_id)
    campus.call("DELETE", f"/api/gallery/videos/{video_id}")
    return took


def _theirs(peer: TusPeer, folder: Path, film: Path) -> float:
    workdir = folder / "theirs"
    workdir.mkdir()
    base = peer.start(workdir)
    try:
        # a small one first: what node compiles then, it need not compile while it is measured
        warm = workdir / "warm.mp4"
        warm.write_bytes(os.urandom(1_000_000))
        send_by_tus(base, peer.place, warm, {})
        os.sync()
        began = time.perf_counter()
        send_by_tus(base, peer.place, film, {})
        return time.perf_counter() - began
    finally:
        peer.stop()
        shutil.rmtree(workdir)
