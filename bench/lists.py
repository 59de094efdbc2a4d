"""The staff list and search at 1,000 and at 1,000,000 issues: the same cost, or how far from it."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bench.ours import ADMIN, Server, quadrangle
from quadrangle.issues import rules
from quadrangle.issues.model import DEFAULT_CATALOG, Issue, Status
from quadrangle.issues.rules import NewReport
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.feed import feed
from quadrangle.sql.issues import projection as issue_projection
from quadrangle.sql.issues.store import report_bulk, report_row

SIZES = (1_000, 1_000_000)
CALLS = 60
BATCH = 5_000
_WORDS = [
    "projector",
    "light",
    "window",
    "door",
    "heater",
    "socket",
    "wifi",
    "router",
    "screen",
    "chair",
    "table",
    "leak",
    "roof",
    "smell",
    "noise",
    "broken",
    "flickers",
    "cracked",
    "loose",
    "missing",
    "cold",
    "hot",
    "slow",
    "dirty",
    "wet",
    "blocked",
    "locked",
    "stuck",
    "green",
    "red",
]

QUERIES = {
    "newest 50": {},
    "status = OPEN": {"status": "OPEN"},
    "type = Security": {"issueType": "Security"},
    "location and status": {"location": "Library", "status": "OPEN"},
    "unassigned": {"assigneeId": "none"},
    "search, common word": {"q": "projector"},
    "search, two words": {"q": "window leak"},
    "search, beginning": {"q": "proj"},
    "search, rare word": {"q": "zeppelin"},
    "search and status": {"q": "projector", "status": "IN_PROGRESS"},
}

COUNTS = {
    "counts": {},
    "counts, by type": {"issueType": "Security"},
    "counts, by place": {"location": "Library"},
    "counts, by type and place": {"issueType": "Security", "location": "Library"},
}


def run(cache: Path, sizes: tuple[int, ...] = SIZES) -> str:
    """Measure and return a table in Markdown: p50 in ms of each query at each size."""
    seen: dict[tuple[str, int], float] = {}
    for size in sizes:
        folder = cache / f"lists-{size}"
        if not (folder / "filled").exists():
            print(f"filling {size:,} issues", file=sys.stderr)
            (folder / "data").mkdir(parents=True, exist_ok=True)
            asyncio.run(fill(folder / "data" / "quadrangle.db", size))
            (folder / "filled").touch()
        server = quadrangle()
        base = server.start(folder)
        try:
            seen |= {(name, size): p50 for name, p50 in _measure(server, base).items()}
        finally:
            server.stop()
    head = "| | " + " | ".join(f"{size:,} issues" for size in sizes) + " | ratio |"
    lines = [head, "|---" * (len(sizes) + 2) + "|"]
    for name in [*QUERIES, "second page", *COUNTS]:
        figures = [seen[name, size] for size in sizes]
        cells = " | ".join(f"{figure:.2f} ms" for figure in figures)
        lines.append(f"| {name} | {cells} | {figures[-1] / figures[0]:.2f}× |")
    return "### The staff list, p50 of one call after another\n\n" + "\n".join(lines) + "\n"


def _measure(server: Server, base: str) -> dict[str, float]:
    body = json.dumps({"email": ADMIN[0], "password": ADMIN[1]}).encode()
    request = urllib.request.Request(
        base + "/api/accounts/sign-in", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        token = json.load(answer)["accessToken"]
    figures: dict[str, float] = {}
    cursor = ""
    for name, query in QUERIES.items():
        figures[name], answered = _p50(base + "/get-all-issues", query, token)
        cursor = cursor or answered["nextCursor"] or ""
    figures["second page"], _ = _p50(base + "/get-all-issues", {"cursor": cursor}, token)
    for name, query in COUNTS.items():
        figures[name], _ = _p50(base + "/api/issues/counts", query, token)
    return figures


def _p50(url: str, query: dict[str, str], token: str) -> tuple[float, dict]:
    request = urllib.request.Request(
        url + "?" + urllib.parse.urlencode(query), headers={"Authorization": f"Bearer {token}"}
    )
    times = []
    answered = {}
    for _ in range(CALLS):
        began = time.perf_counter()
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
        times.append((time.perf_counter() - began) * 1000)
        answered = json.loads(body)
    return statistics.median(times), answered


async def fill(path: Path, size: int) -> None:
    """Make a database of `size` issues, spread over a year, a tenth of them not resolved."""
    database = Database(f"sqlite:///{path}")
    await migrate(database)
    chance = random.Random(7)
    start = datetime.now(UTC) - timedelta(days=365)
    step = timedelta(days=365) / size
    statements = report_bulk("sqlite").statements
    for first in range(0, size, BATCH):
        rows = [
            _row(chance, start + step * number) for number in range(first, min(size, first + BATCH))
        ]
        text = msgspec.json.encode(rows).decode()

        def write(connection, text=text) -> None:
            for statement in statements:
                connection.exec_driver_sql(statement, (text,))

        await database.write(write)
    await database.write(issue_projection.rebuild)

    def skip(connection) -> None:  # the worker need not send mails for these
        for consumer in ("reactions", issue_projection.IssueProjection.name):
            feed.move_cursor(connection, consumer, feed.last_seq(connection))
        connection.exec_driver_sql("ANALYZE")

    await database.write(skip)
    await database.close()


def _row(chance: random.Random, at: datetime) -> tuple[object, ...]:
    kind = chance.choice(DEFAULT_CATALOG.issue_types).name
    place = chance.choice(DEFAULT_CATALOG.locations)
    words = chance.choices(_WORDS, k=12) + (["zeppelin"] if chance.random() < 0.001 else [])
    new = NewReport(kind, place, " ".join(words))
    issue, (change,) = rules.report(new, new_id(), DEFAULT_CATALOG, ANYONE, at)
    return report_row(_moved_along(chance, issue, at), change)


def _moved_along(chance: random.Random, issue: Issue, at: datetime) -> Issue:
    drawn = chance.random()
    if drawn < 0.1:
        status = Status.OPEN if drawn < 0.07 else Status.IN_PROGRESS
        return msgspec.structs.replace(issue, status=status)
    resolved = (at + timedelta(hours=chance.lognormvariate(3, 1))).isoformat()[:23] + "Z"
    return msgspec.structs.replace(issue, status=Status.RESOLVED, resolved_at=resolved)
