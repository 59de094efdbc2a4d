"""A teacher's week and the booking page among 100 and 100,000 meetings that are still to come."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.many_meetings import new_meeting, save, spread
from bench.ours import ADMIN, Server, quadrangle
from quadrangle.kernel.clock import SystemClock
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.sql.base.database import Database

SIZES = (100, 100_000)
CALLS = 60
ROUNDS = 3
AIM = 2
OWN = 15  # meetings of the teacher who looks, at either size
TEACHERS = 500


def run() -> str:
    """Measure, the sizes by turns, and return a section of the page of results."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folders = {size: _filled(Path(name) / str(size), size) for size in SIZES}
        rounds: dict[tuple[str, int], list[float]] = {}
        for _ in range(ROUNDS):
            for size, folder in folders.items():
                for what, figure in _measured(folder).items():
                    rounds.setdefault((what, size), []).append(figure)
    medians = {key: statistics.median(figures) for key, figures in rounds.items()}
    return _table(medians)


def _table(medians: dict[tuple[str, int], float]) -> str:
    head = "| p50 of one call after another | " + " | ".join(f"{size:,}" for size in SIZES)
    lines = [head + f" | ratio (aim: at most {AIM}) |", "|---" * (len(SIZES) + 2) + "|"]
    for what in dict.fromkeys(name for name, _ in medians):
        small, large = (medians[what, size] for size in SIZES)
        lines.append(f"| {what} | {small:.2f} ms | {large:.2f} ms | {large / small:.2f} × |")
    return "### Among meetings that are still to come\n\n" + "\n".join(lines) + "\n"


def _filled(folder: Path, size: int) -> Path:
    (folder / "data").mkdir(parents=True)
    with _Running(folder) as call:
        teacher_id = call("GET", "/api/accounts/me")["accountId"]
        weekly = [{"weekday": day, "begins": "08:00", "ends": "18:00"} for day in range(5)]
        call("PUT", "/api/meetings/hours", {**_HOURS, "weekly": weekly})
    asyncio.run(_fill(folder / "data" / "quadrangle.db", teacher_id, size))
    return folder


_HOURS: dict[str, Any] = {
    "timeZone": "UTC",
    "minutes": 60,
    "weekly": [],
    "extra": [],
    "daysOff": [],
    "rules": {
        "bookingNotice": 60,
        "movingNotice": 60,
        "cancellingNotice": 60,
        "buffer": 0,
        "weeklyLimit": None,
        "daysAhead": 60,
        "workspaces": ["terminal"],
    },
}


async def _fill(path: Path, teacher_id: str, size: int) -> None:
    database = Database(f"sqlite:///{path}")
    await save(database, _own(teacher_id))
    await save(database, spread(size - OWN, min(TEACHERS, size)))
    await database.close()


def _own(teacher_id: str) -> Iterator[NewMeeting]:
    monday = _next_monday()
    for number in range(OWN):
        day, hour = divmod(number, 3)
        start = monday + timedelta(days=day, hours=9 + 2 * hour)
        yield new_meeting(start, teacher_id, f"student-{number}")


def _next_monday():
    now = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    return now + timedelta(days=14 - now.weekday())


class _Running:
    """The server on a folder, and calls to it as its administrator, who teaches too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Server = quadrangle()
        self._base = ""
        self._token = ""

    def __enter__(self) -> _Running:
        self._base = self._server.start(self._folder)
        email, password = ADMIN
        who = {"email": email, "password": password}
        self._token = self("POST", "/api/accounts/sign-in", who)["accessToken"]
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def __call__(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(self._base + path, data, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


def _measured(folder: Path) -> dict[str, float]:
    monday = _next_monday()
    first, last = (f"{day:%Y-%m-%dT00:00:00Z}" for day in (monday, monday + timedelta(7)))
    with _Running(folder) as call:
        teacher_id = call("GET", "/api/accounts/me")["accountId"]
        slots = f"/api/meetings/teachers/{teacher_id}/slots"
        calls = {
            "the teacher's week": ("/api/meetings", {"from": first, "to": last}),
            "the booking page: a week's free hours": (slots, {"first": first, "last": last}),
            "the booking page: teachers": ("/api/meetings/teachers", {"timeZone": "UTC"}),
            "staff: everyone's meetings, by start": ("/api/meetings", {"all": "true"}),
        }
        return {what: _p50(call, *asked) for what, asked in calls.items()}


def _p50(call: _Running, path: str, query: dict[str, str]) -> float:
    address = f"{path}?{urllib.parse.urlencode(query)}"
    times = []
    for _ in range(CALLS):
        began = time.perf_counter()
        call("GET", address)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)
