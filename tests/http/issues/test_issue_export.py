"""The list of issues as a CSV file."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from quadrangle.kernel.ids import new_id
from tests.http.issues.issue_calls import get, patch
from tests.running import RunningServer, wait_for


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


@pytest.mark.smoke
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
