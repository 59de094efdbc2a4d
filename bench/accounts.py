"""Signing in, staying signed in, and what a signed-in call costs, beside the limits of each.

The limits do the one thing that cannot be left out: comparing a password by argon2id as our server
does, in as many threads; committing one row to SQLite; and the same call without credentials.
Tries for one account are looked at one after another, so several people sign in at once.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
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
from quadrangle.portable.tokens.passwords import AT_ONCE, MEMORY_KIB, PASSES

JSON = {"Content-Type": "application/json"}
PEOPLE = 4
CONNECTIONS = 8

# What is measured -> answers per second, one of each round
Rates = dict[str, list[float]]
_ROWS = [
    ("sign-in by password, four people, 8 conn.", "argon2id alone, two threads"),
    ("refresh, one after another", "SQLite commits alone, one after another"),
    ("a conversation read by staff, 8 conn.", "the same by anyone, 8 conn."),
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
    try:
        tokens = json.loads(send(base, *_sign_in(*ADMIN)).body)
        staff = {"Authorization": f"Bearer {tokens['accessToken']}"}
        people = [_hired(base, staff, number) for number in range(PEOPLE)]
        issue_id = json.loads(send(base, *server.create_request()).body)["issueId"]
        path = f"/api/issues/{issue_id}/conversation"
        return [
            (
                _load(base, map(_sign_in, *zip(*people, strict=True)), seconds),
                _argon2_rate(seconds),
            ),
            (_refresh_rate(base, tokens["refreshToken"], seconds), _commit_rate(folder, seconds)),
            (
                _load(base, [ReadCall("GET", path, staff)], seconds),
                _load(base, [ReadCall("GET", path, {})], seconds),
            ),
        ]
    finally:
        server.stop()


def _load(base: str, calls: Iterable[CreateCall | ReadCall], seconds: int) -> float:
    """Return answers per second to all calls at once, which share the connections."""
    calls = list(calls)

    def one(call: CreateCall | ReadCall) -> float:
        with tempfile.TemporaryDirectory() as name:
            connections = CONNECTIONS // len(calls)
            seen = measure(base, call, connections=connections, seconds=seconds, workdir=Path(name))
        if seen.failed:
            print(f"{call.path}: {seen.failed} failed", file=sys.stderr)
        return seen.per_second

    with ThreadPoolExecutor(len(calls)) as threads:
        return sum(threads.map(one, calls))


def _sign_in(email: str, password: str) -> CreateCall:
    body = json.dumps({"email": email, "password": password}).encode()
    return CreateCall("POST", "/api/accounts/sign-in", JSON, body)


def _hired(base: str, admin: dict[str, str], number: int) -> tuple[str, str]:
    """Return address and password of a new account."""
    email = f"person-{number}@campus.example"
    body = json.dumps({"email": email, "name": "Somebody", "role": "teacher"}).encode()
    made = send(base, "POST", "/api/accounts/people", {**JSON, **admin}, body)
    account_id = json.loads(made.body)["account"]["accountId"]
    given = send(base, "POST", f"/api/accounts/people/{account_id}/password", admin)
    return email, json.loads(given.body)["password"]


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
