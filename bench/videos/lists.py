"""The gallery's list and search at 1,000 and at 1,000,000 videos: the same cost, or how far from
it. How often a word is said grows with the collection, but for those of `_RARE` and `_NOWHERE`."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

from bench.peers.process import fingerprint, is_installed
from bench.videos import filling
from bench.videos.campus import running
from quadrangle.sql import migrations

SIZES = (1_000, 1_000_000)
CALLS = 20
AIM = 2
# What is asked, and whether by the administrator or by a guest
QUERIES: dict[str, tuple[dict[str, str], bool]] = {
    "newest 24, a guest": ({}, False),
    "newest 24, signed in": ({}, True),
    "page 10, a guest": ({"page": "10"}, False),
    "one's own": ({"mine": "true"}, True),
    "search, a word of ten videos": ({"search": filling.RARE}, False),
    "search, a word nobody said": ({"search": "zzyzx"}, False),
    "search, one in a hundred": ({"search": "torsion"}, False),
    "search, one in ten": ({"search": "rotation"}, False),
    "search, two words": ({"search": "rotation torsion"}, False),
    "search, its beginning": ({"search": "tors"}, False),
    "search, signed in": ({"search": "torsion"}, True),
}


def run(cache: Path, rounds: int, sizes: tuple[int, ...] = SIZES) -> str:
    """Measure, the sizes by turns, and return a table in Markdown: p50 in ms of each query."""
    folders = {size: _filled(cache / f"videos-{size}", size) for size in sizes}
    seen: dict[tuple[str, int], list[float]] = {}
    for _ in range(rounds):
        for size, folder in folders.items():
            for name, p50 in _measured(folder).items():
                seen.setdefault((name, size), []).append(p50)
    head = "| | " + " | ".join(f"{size:,} videos" for size in sizes)
    lines = [head + f" | ratio (aim: at most {AIM}) |", "|---" * (len(sizes) + 2) + "|"]
    for name in QUERIES:
        rows = [seen[name, size] for size in sizes]
        ratio = statistics.median(b / a for a, b in zip(rows[0], rows[-1], strict=True))
        cells = " | ".join(f"{statistics.median(row):.2f} ms" for row in rows)
        lines.append(f"| {name} | {cells} | {ratio:.2f} × |")
    return "### The gallery, p50 of one call after another\n\n" + "\n".join(lines) + "\n"


def _filled(folder: Path, size: int) -> Path:
    """Return a folder of data with so many videos, made when there is none of today's tables."""
    steps = sorted(Path(migrations.__path__[0]).glob("*.py"))
    wanted = fingerprint(Path(filling.__file__), *steps)
    if not is_installed(folder / "filled", wanted):
        print(f"filling {size:,} videos", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "data").mkdir(parents=True)
        with running(folder) as campus:
            own_id = campus.call("GET", "/api/accounts/me")["accountId"]
        asyncio.run(filling.fill(folder / "data", size, own_id))
        (folder / "filled").write_text(wanted)
    return folder


def _measured(folder: Path) -> dict[str, float]:
    with running(folder) as campus:
        return {
            name: _p50(campus.base, query, campus.headers if is_known else {})
            for name, (query, is_known) in QUERIES.items()
        }


def _p50(base: str, query: dict[str, str], headers: dict[str, str]) -> float:
    asked = urllib.parse.urlencode({"limit": "24", **query})
    request = urllib.request.Request(f"{base}/api/gallery/videos?{asked}", headers=headers)
    times = []
    for _ in range(CALLS + 1):
        began = time.perf_counter()
        with urllib.request.urlopen(request) as answer:
            answer.read()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[1:])  # the first finds nothing in memory
