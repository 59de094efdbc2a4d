"""Counts, statistics, export and the catalog."""

import base64
import csv
import io
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest

from quadrangle.kernel.ids import new_id
from tests.running import RunningServer, wait_for


def get(server: RunningServer, path: str, token: str | None, **query: Any) -> Any:
    answer = server.call("GET", f"{path}?{urlencode(query)}", token=token)
    assert answer.status == 200, answer.body
    return answer.json


def patch(server: RunningServer, issue_id: str, token: str, **fields: Any) -> None:
    answer = server.call("PATCH", f"/api/issues/{issue_id}", fields, token=token)
    assert answer.status == 200, answer.body


# -- counts -------------------------------------------------------------------------------------


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


def test_counts_of_nothing(server: RunningServer, staff: str):
    seen = get(server, "/api/issues/counts", staff, location=new_id())
    assert seen["total"] == seen["unassigned"] == seen["overdue"] == 0
    assert seen["status"] == {"OPEN": 0, "IN_PROGRESS": 0, "RESOLVED": 0}


# -- statistics ---------------------------------------------------------------------------------


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


# -- export -------------------------------------------------------------------------------------


def exported(server: RunningServer, token: str, **query: str) -> list[dict[str, str]]:
    path = f"/api/issues/export.csv?{urlencode(query)}"
    answer = server.call("GET", path, token=token)
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))


def test_every_issue_is_exported_newest_first(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    place = f"Room {new_id()}"
    many = 1_050  # more than the store gives at once
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: server.report(location=place), range(many)))
    rows = exported(server, token, location=place)
    assert {row["issue_id"] for row in rows} == ids
    assert len(rows) == many
    listed = get(server, "/get-all-issues", token, location=place, limit=100)["issues"]
    assert [row["issue_id"] for row in rows[:100]] == [issue["issueId"] for issue in listed]


def test_an_export_has_the_columns_of_an_issue_and_its_texts_unharmed(
    server: RunningServer, admin: str
):
    text = 'Drips, "quite" a lot;\nünder 🎓 the ceiling'
    place = f"Room {new_id()}"
    issue_id = server.report(
        location=place, description=text, name="Zoë", email="zoe@campus.example"
    )
    me = get(server, "/api/accounts/me", admin)
    patch(server, issue_id, admin, status="RESOLVED", priority="HIGH", assigneeId=me["accountId"])
    issue = server.call("GET", f"/issue-status/{issue_id}").json
    (row,) = exported(server, admin, location=place)
    assert row == {
        "issue_id": issue_id,
        "issue_type": "Network",
        "location": place,
        "description": text,
        "status": "RESOLVED",
        "priority": "HIGH",
        "created_at": issue["createdAt"],
        "updated_at": issue["updatedAt"],
        "resolved_at": issue["resolvedAt"],
        "due_at": issue["dueAt"],
        "duplicate_of": "",
        "reporter_name": "Zoë",
        "reporter_email": "zoe@campus.example",
        "assignee": me["name"],
        "photo_count": "0",
        "reply_count": "0",
    }
    answer = server.call("GET", f"/api/issues/export.csv?location={new_id()}", token=admin)
    assert answer.headers["content-disposition"].startswith('attachment; filename="issues-')
    assert answer.body.decode() == "\ufeff" + ",".join(row) + "\r\n"


def test_an_export_is_narrowed_as_a_list_is(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    place = f"Room {new_id()}"
    leak = server.report(location=place, description="The zeppelin leaks", issueType="Security")
    door = server.report(location=place, description="The door sticks", issueType="Network")
    patch(server, door, token, status="RESOLVED", priority="LOW")

    def ids(**query: str) -> list[str]:
        return [row["issue_id"] for row in exported(server, token, location=place, **query)]

    assert ids() == [door, leak]
    assert ids(status="RESOLVED") == ids(priority="LOW") == ids(issueType="Network") == [door]
    assert ids(status="OPEN", assigneeId="none") == [leak]
    assert ids(status="OPEN", priority="LOW") == []
    wait_for(lambda: ids(q="zeppelin") == [leak], "the search index")


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30 1234", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x","y")', "=\n1"]
)
def test_what_people_typed_is_no_formula_in_a_spreadsheet(
    server: RunningServer, staff: str, text: str
):
    place = f"={new_id()}"
    server.report(location=place, issueType=text, description=text, name=text)
    (row,) = exported(server, staff, location=place)
    for column in ("issue_type", "location", "description", "reporter_name"):
        assert row[column].startswith("'"), column
        assert row[column][1] in "=+-@"


@pytest.mark.parametrize("query", ["status=DONE", "location=%00", "q=" + "x" * 201])
def test_an_export_of_nonsense(each_server: RunningServer, query: str):
    token = each_server.sign_in()
    answer = each_server.call("GET", "/api/issues/export.csv?" + query, token=token)
    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == [query.partition("=")[0]]


# -- the catalog --------------------------------------------------------------------------------


@pytest.fixture
def catalog(each_server: RunningServer) -> Iterator[dict[str, Any]]:
    """The settings as they are; they are put back afterwards."""
    token = each_server.sign_in()
    before = get(each_server, "/api/issues/settings", token)
    yield before
    now = get(each_server, "/api/issues/settings", token)
    assert save(each_server, token, before | {"version": now["version"]}).status == 200


def save(server: RunningServer, token: str, body: dict[str, Any]) -> Any:
    return server.call("PUT", "/api/issues/settings", body, token=token)


def test_settings_are_saved_and_offered_at_once(each_server: RunningServer, catalog: Any):
    server = each_server
    token = server.sign_in()
    wanted = {
        "campusName": "Ünter den Linden",
        "issueTypes": [
            {"name": "Elevator", "targetHours": 2},
            {"name": "Ghosts", "targetHours": None},
            {"name": "Other", "targetHours": 96},
        ],
        "locations": ["North", "South"],
        "version": catalog["version"],
    }
    saved = save(server, token, wanted)
    assert saved.status == 200
    assert saved.json == wanted | {"version": catalog["version"] + 1}
    assert get(server, "/api/issues/settings", token) == saved.json
    config = get(server, "/api/config", None)
    assert {name: config[name] for name in ("campusName", "issueTypes", "locations")} == {
        name: wanted[name] for name in ("campusName", "issueTypes", "locations")
    }
    issue = server.call("GET", f"/issue-status/{server.report(issueType='Elevator')}").json
    reported, due = (datetime.fromisoformat(issue[at]) for at in ("createdAt", "dueAt"))
    assert due - reported == timedelta(hours=2)
    ghost = server.call("GET", f"/issue-status/{server.report(issueType='Ghosts')}").json
    assert ghost["dueAt"] is None


def test_names_are_trimmed_and_a_target_may_be_left_out(each_server: RunningServer, catalog: Any):
    token = each_server.sign_in()
    body = catalog | {"issueTypes": [{"name": " Lost   keys\n"}], "locations": [" Attic "]}
    saved = save(each_server, token, body).json
    assert saved["issueTypes"] == [{"name": "Lost   keys", "targetHours": None}]
    assert saved["locations"] == ["Attic"]


def test_settings_of_others_are_not_written_over(each_server: RunningServer, catalog: Any):
    server = each_server
    token = server.sign_in()
    assert save(server, token, catalog | {"campusName": "First"}).status == 200
    for version in (catalog["version"], catalog["version"] + 7, 0, 2**53 - 1):
        answer = save(server, token, catalog | {"campusName": "Second", "version": version})
        assert answer.status == 409, version
        assert "Load it again" in answer.json["message"]
    assert get(server, "/api/config", None)["campusName"] == "First"


def test_of_those_who_save_at_once_one_wins(each_server: RunningServer, catalog: Any):
    token = each_server.sign_in()
    statuses: list[int] = []

    def try_it(name: str) -> None:
        statuses.append(save(each_server, token, catalog | {"campusName": name}).status)

    threads = [threading.Thread(target=try_it, args=(f"Campus {i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 5


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"campusName": " "}, ["campusName"]),
        ({"campusName": 7}, ["campusName"]),
        ({"issueTypes": []}, ["issueTypes"]),
        ({"issueTypes": [{"name": ""}]}, ["issueTypes.0.name"]),
        ({"issueTypes": [{"name": "A", "targetHours": 0}]}, ["issueTypes.0.targetHours"]),
        ({"issueTypes": [{"name": "A", "targetHours": 8761}]}, ["issueTypes.0.targetHours"]),
        ({"issueTypes": [{"name": "A", "targetHours": "8"}]}, ["issueTypes"]),
        ({"issueTypes": [{"name": "A"}, {"name": "a "}]}, ["issueTypes.1"]),
        ({"issueTypes": [{"name": str(i)} for i in range(51)]}, ["issueTypes"]),
        ({"issueTypes": [{}]}, ["issueTypes"]),
        ({"locations": []}, ["locations"]),
        ({"locations": ["A", "x" * 101]}, ["locations.1"]),
        ({"locations": ["A", "B", "a"]}, ["locations.2"]),
        ({"locations": ["A\x00"]}, ["locations.0"]),
        ({"locations": "Library"}, ["locations"]),
        ({"version": -1}, ["version"]),
        ({"version": 2**53}, ["version"]),
        ({"campusName": "", "locations": []}, ["campusName", "locations"]),
    ],
)
def test_the_faults_of_settings_are_named(
    server: RunningServer, admin: str, fields: dict[str, Any], faulty: list[str]
):
    body = get(server, "/api/issues/settings", admin) | fields
    answer = save(server, admin, body)
    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == faulty
    assert all(error["message"].endswith(".") for error in answer.json["errors"])


def test_another_server_on_the_same_database_offers_the_new_type_too(
    tmp_path: Path, postgres_url: str
):
    names = ("one", "two")
    servers = [
        RunningServer(tmp_path / name, QUADRANGLE_DATABASE_URL=postgres_url) for name in names
    ]
    try:
        for server, name in zip(servers, names, strict=True):
            (tmp_path / name).mkdir()
            server.start()
        here, there = servers
        assert get(there, "/api/config", None)["campusName"] != "Two in one"
        token = here.sign_in()
        body = get(here, "/api/issues/settings", token) | {"campusName": "Two in one"}
        assert save(here, token, body).status == 200
        wait_for(
            lambda: get(there, "/api/config", None)["campusName"] == "Two in one",
            "the other server to hear of it",
        )
    finally:
        for server in servers:
            server.end()


def test_anyone_may_read_what_the_forms_offer(server: RunningServer):
    config = get(server, "/api/config", None)
    assert set(config) == {
        "campusName",
        "issueTypes",
        "locations",
        "photoLimit",
        "mailDelivery",
    }
    assert {"name", "targetHours"} == set(config["issueTypes"][0])
    assert config["photoLimit"]["bytes"] == 12 * 1024 * 1024
    assert config["photoLimit"]["perIssue"] == 10
    assert "image/heic" in config["photoLimit"]["types"]
    assert config["photoLimit"]["upload"] == "direct"
    assert config["mailDelivery"] == "outbox"


# -- cursors ------------------------------------------------------------------------------------


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
