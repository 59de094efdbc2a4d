"""Signing in, staying signed in, and what a signed-in call costs, beside the limits of each.

The limits do the one thing that cannot be left out: comparing a password by argon2id as our server
does, in as many threads; committing one row to SQLite; and the same call without credentials.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from argon2 import PasswordHasher

from bench import group_commit
from bench.ours import ADMIN, quadrangle
from bench.peers.base import CreateCall, ReadCall
from bench.peers.load import measure
from bench.peers.local_http import send
from quadrangle.machine.passwords import AT_ONCE, MEMORY_KIB, PASSES

JSON = {"Content-Type": "application/json"}
SIGN_IN = CreateCall(
    "POST",
    "/api/accounts/sign-in",
    JSON,
    json.dumps({"email": ADMIN[0], "password": ADMIN[1]}).encode(),
)
CONNECTIONS = 8

# What is measured -> answers per second, one of each round
Rates = dict[str, list[float]]
_ROWS = [
    ("sign-in by password, 8 conn.", "argon2id alone, two threads"),
    ("refresh, one after another", "SQLite commits alone, one after another"),
    ("a report read by staff, 8 conn.", "the same report looked up by anyone, 8 conn."),
]


def run(cache: Path, rounds: int, seconds: int) -> str:
    """Measure in turn, `rounds` times `seconds` each, and return a table in Markdown."""
    rates: Rates = defaultdict(list)
    for number in range(rounds):
        print(f"round {number + 1}: accounts", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=cache, prefix="accounts-") as name:
            folder = Path(name)
            for (ours, limit), seen in zip(_ROWS, _round(folder, seconds), strict=True):
                rates[ours].append(seen[0])
                rates[limit].append(seen[1])
    lines = [
        "### Accounts, answers per second",
        "",
        "| | Quadrangle | limit | ours of it |",
        "|---|---|---|---|",
    ]
    for ours, limit in _ROWS:
        ratio = statistics.median(a / b for a, b in zip(rates[ours], rates[limit], strict=True))
        best = statistics.median(rates[limit])
        mine = statistics.median(rates[ours])
        lines.append(f"| {ours} | {mine:,.0f} | {best:,.0f} ({limit}) | {ratio:.2f}× |")
    return "\n".join(lines) + "\n"


def _round(folder: Path, seconds: int) -> list[tuple[float, float]]:
    """Return ours and the limit of each row."""
    server = quadrangle()
    base = server.start(folder)

    def load(call: CreateCall | ReadCall) -> float:
        seen = measure(base, call, connections=CONNECTIONS, seconds=seconds, workdir=folder)
        if seen.failed:
            print(f"{call.path}: {seen.failed} failed", file=sys.stderr)
        return seen.per_second

    try:
        tokens = json.loads(send(base, *SIGN_IN).body)
        issue_id = json.loads(send(base, *server.create_request()).body)["issueId"]
        staff = {"Authorization": f"Bearer {tokens['accessToken']}"}
        # argon2 first: what sign-ins leave to be done afterwards must not slow its limit
        return [
            (load(SIGN_IN), _argon2_rate(seconds)),
            (_refresh_rate(base, tokens["refreshToken"], seconds), _commit_rate(folder, seconds)),
            (
                load(ReadCall("GET", f"/api/issues/{issue_id}", staff)),
                load(ReadCall("GET", f"/issue-status/{issue_id}", {})),
            ),
        ]
    finally:
        server.stop()


def _argon2_rate(seconds: int) -> float:
    hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
    hashed = hasher.hash(ADMIN[1])

    def count(until: float) -> int:
        return _calls(lambda: hasher.verify(hashed, ADMIN[1]), until)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        began = time.perf_counter()
        counted = sum(threads.map(count, [began + seconds] * AT_ONCE))
        return counted / (time.perf_counter() - began)


def _refresh_rate(base: str, token: str, seconds: int) -> float:
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)

    def refresh() -> None:
        nonlocal token
        body = json.dumps({"refreshToken": token})
        connection.request("POST", "/api/accounts/refresh", body, JSON)
        token = json.loads(connection.getresponse().read())["refreshToken"]

    began = time.perf_counter()
    counted = _calls(refresh, began + seconds)
    took = time.perf_counter() - began
    connection.close()
    return counted / took


def _commit_rate(folder: Path, seconds: int) -> float:
    return group_commit.rate(folder / "commits", 1, seconds)


def _calls(call: Callable[[], object], until: float) -> int:
    counted = 0
    while time.perf_counter() < until:
        call()
        counted += 1
    return counted
