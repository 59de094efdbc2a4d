"""Counts and statistics, and cursors nobody gave out."""

import base64
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from quadrangle.kernel.ids import new_id
from tests.http.issues.issue_calls import get, patch
from tests.running import RunningServer, wait_for


@pytest.mark.smoke
def test_counts_follow_what_happens(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    me = get(server, "/api/accounts/me", token)["accountId"]
    place, kind = f"Room {new_id()}", f"Type {new_id()}"

    def counts(**query: str) -> Any:
        return get(server, "/api/issues/counts", token, **query)

    issues = [server.report(location=place, issueType=kind) for _ in range(3)]
    other = server.report(location=place, issueType="Network")
    wait_for(lambda: counts(location=place)["total"] == 4, "the reports to be counted")
    patch(server, issues[0], token, status="IN_PROGRESS", assigneeId=me)
    patch(server, issues[1], token, status="RESOLVED")
    patch(server, other, token, issueType=kind, location="Library")
    wait_for(lambda: counts(location=place)["unassigned"] == 1, "the edits to be counted")

    seen = counts(location=place)
    assert seen["total"] == 3
    assert seen["status"] == {"OPEN": 1, "IN_PROGRESS": 1, "RESOLVED": 1}
    assert seen["issueType"] == {kind: 2}
    assert seen["overdue"] == 0
    assert counts(issueType=kind)["location"] == {place: 2, "Library": 1}
    assert counts(issueType=kind, location="Library")["status"]["OPEN"] == 1
    everything = counts()
    assert everything["issueType"][kind] == 3
    assert everything["location"][place] == 2
    assert everything["total"] == sum(everything["status"].values())


@pytest.mark.smoke
def test_a_list_is_sorted_as_asked_and_urgent_and_own_ones_are_counted(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    me = get(server, "/api/accounts/me", token)["accountId"]
    place = f"Room {new_id()}"
    kinds = ("Infrastructure", "Security", "Network")
    slow, soon, next_ = (server.report(location=place, issueType=kind) for kind in kinds)
    patch(server, next_, token, priority="URGENT", assigneeId=me)
    patch(server, soon, token, priority="LOW")

    def listed(sort: str) -> list[str]:
        query = {"location": place, "sort": sort, "limit": "2"}
        first = get(server, "/get-all-issues", token, **query)
        rest = get(server, "/get-all-issues", token, **query, cursor=first["nextCursor"])
        assert rest["nextCursor"] is None
        return [issue["issueId"] for page in (first, rest) for issue in page["issues"]]

    assert listed("") == listed("newest") == [next_, soon, slow]
    assert listed("due") == [soon, next_, slow]
    assert listed("priority") == [next_, slow, soon]

    def counted() -> tuple[int, int]:
        seen = get(server, "/api/issues/counts", token, location=place)
        return seen["urgent"], seen["mine"]

    wait_for(lambda: counted() == (1, 1), "the edits to be counted")
    refused = server.call("GET", "/get-all-issues?sort=oldest", token=token)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "sort")


def test_counts_of_nothing(server: RunningServer, staff: str):
    seen = get(server, "/api/issues/counts", staff, location=new_id())
    assert seen["total"] == seen["unassigned"] == seen["overdue"] == 0
    assert seen["status"] == {"OPEN": 0, "IN_PROGRESS": 0, "RESOLVED": 0}


class History:
    """A campus of its own whose issues were reported and resolved when the test says."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.url = database_url
        self.server = RunningServer(folder, QUADRANGLE_DATABASE_URL=database_url).start()
        self.token = self.server.sign_in()
        self.today = datetime.now(UTC).date()

    def day(self, days_ago: int) -> str:
        return (self.today - timedelta(days=days_ago)).isoformat()

    def issue(
        self,
        issue_type: str,
        location: str,
        days_ago: int,
        *,
        took_hours: int | None = None,
        due_hours: int | None = None,
        status: str = "RESOLVED",
    ) -> None:
        """Report at noon of a day; resolve `took_hours` later, where given."""
        issue_id = self.server.report(issueType=issue_type, location=location)
        if status != "OPEN":
            patch(self.server, issue_id, self.token, status=status)
        noon = datetime.combine(self.today - timedelta(days=days_ago), datetime.min.time(), UTC)
        reported = noon + timedelta(hours=12)
        values = {"created_at": instant(reported), "due_at": None, "resolved_at": None}
        if took_hours is not None:
            values["resolved_at"] = instant(reported + timedelta(hours=took_hours))
        if due_hours is not None:
            values["due_at"] = instant(reported + timedelta(hours=due_hours))
        for column, value in values.items():
            self._execute(f"UPDATE issues SET {column} = ? WHERE issue_id = ?", value, issue_id)

    def _execute(self, statement: str, *values: Any) -> None:
        if self.url.startswith("sqlite"):
            connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=30)
            with connection:
                connection.execute(statement, values)
            connection.close()
            return
        with psycopg.connect(self.url) as server:
            server.execute(statement.replace("?", "%s"), values)

    def count_anew(self) -> None:
        """What was changed behind the server's back is counted by `check --rebuild`."""
        self.server.stop()
        done = self.server.command("check", "--rebuild")
        assert done.returncode == 0, done.stdout + done.stderr
        self.server.start()


def instant(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


@pytest.fixture
def history(tmp_path: Path, database_url: str) -> Iterator[History]:
    made = History(tmp_path, database_url)
    yield made
    made.server.stop()
    made.server.end()


def test_statistics_of_a_known_history(history: History):
    history.issue("Network", "Library", 3, took_hours=10, due_hours=24)
    history.issue("Network", "Library", 2, took_hours=30, due_hours=24)
    history.issue("Network", "Car Park", 1, status="IN_PROGRESS", due_hours=1)
    history.issue("Security", "Library", 3, took_hours=4, due_hours=8)
    history.issue("Flying saucer", "Roof", 2, status="OPEN")
    history.issue("Security", "Roof", 400, took_hours=1, due_hours=8)
    history.count_anew()
    server, token, day = history.server, history.token, history.day

    seen = get(server, "/api/issues/statistics", token)
    assert seen == {
        "days": 90,
        "from": day(89),
        "to": day(0),
        "reported": 5,
        "resolved": 3,
        "open": {"OPEN": 1, "IN_PROGRESS": 1},
        "byStatus": {"OPEN": 1, "IN_PROGRESS": 1, "RESOLVED": 4},
        "byType": [
            figures("Network", (3, 2, 1), median=10, p90=30, target=24),
            figures("Other", (1, 0, 1), target=96),
            figures("Security", (1, 1, 0), median=4, p90=4, target=8),
        ],
        "byLocation": [
            {"name": "Library", "reported": 3, "resolved": 3, "unresolved": 0},
            {"name": "Car Park", "reported": 1, "resolved": 0, "unresolved": 1},
            {"name": "Roof", "reported": 1, "resolved": 0, "unresolved": 1},
        ],
        "perDay": [
            {"day": day(3), "reported": 2, "resolved": 2},
            {"day": day(2), "reported": 2, "resolved": 0},
            {"day": day(1), "reported": 1, "resolved": 1},
        ],
        "resolution": {"count": 3, "medianHours": 10, "p90Hours": 30, "withinTarget": 0.6667},
    }

    lately = get(server, "/api/issues/statistics", token, days=2)
    assert (lately["from"], lately["reported"], lately["resolved"]) == (day(1), 1, 1)
    assert lately["resolution"]["withinTarget"] == 0
    ever = get(server, "/api/issues/statistics", token, days=3650)
    assert (ever["reported"], ever["resolved"]) == (6, 4)
    assert ever["perDay"][0] == {"day": day(400), "reported": 1, "resolved": 1}

    counted = get(server, "/api/issues/counts", token)
    assert counted["issueType"] == {"Network": 1, "Flying saucer": 1}
    assert counted["location"] == {"Car Park": 1, "Roof": 1}
    assert (counted["unassigned"], counted["overdue"]) == (2, 1)
    overdue = get(server, "/get-all-issues", token, overdue="true")["issues"]
    assert [issue["location"] for issue in overdue] == ["Car Park"]


def figures(
    name: str,
    numbers: tuple[int, int, int],
    *,
    median: float | None = None,
    p90: float | None = None,
    target: int | None = None,
) -> dict[str, Any]:
    reported, resolved, unresolved = numbers
    return {
        "name": name,
        "reported": reported,
        "resolved": resolved,
        "unresolved": unresolved,
        "medianHours": median,
        "p90Hours": p90,
        "targetHours": target,
    }


def test_statistics_of_a_campus_without_issues(history: History):
    seen = get(history.server, "/api/issues/statistics", history.token, days=1)
    assert seen["from"] == seen["to"]
    assert date.fromisoformat(seen["from"]) >= history.today
    assert (seen["reported"], seen["resolved"], seen["perDay"], seen["byType"]) == (0, 0, [], [])
    assert seen["resolution"] == {
        "count": 0,
        "medianHours": None,
        "p90Hours": None,
        "withinTarget": None,
    }


@pytest.mark.parametrize("days", ["0", "3651", "-1", "x", "", "1.5", "9" * 30])
def test_a_range_that_cannot_be_counted(server: RunningServer, staff: str, days: str):
    answer = server.call("GET", f"/api/issues/statistics?days={days}", token=staff)
    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == ["days"]


@pytest.mark.parametrize("path", ["/get-all-issues", "/api/mail/outbox", "/api/jobs/dead"])
@pytest.mark.parametrize(
    "position",
    ["", "null", '"x"', "1.5", "[]", "{}", str(2**63), str(-(2**70)), "[1,2]", '["\\u0000",1]'],
)
def test_a_made_up_cursor_is_refused_or_finds_nothing(
    each_server: RunningServer, path: str, position: str
):
    cursor = base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")
    token = each_server.sign_in()
    answer = each_server.call("GET", f"{path}?cursor={cursor}", token=token)
    assert answer.status in (200, 400), answer.body
    if answer.status == 400:
        assert [error["field"] for error in answer.json["errors"]] == ["cursor"]
