"""The four calls of the source system, as its clients send them."""

import json
import uuid

import pytest

from quadrangle.kernel.ids import new_id
from tests.running import RunningServer, wait_for

# test ids must be the same in every process that collects them
NOBODYS = "00000000-0000-4000-8000-000000000000"
REPORT = {"issueType": "Test", "location": "Test Location", "description": "Automated test issue"}


@pytest.mark.smoke
@pytest.mark.parametrize("prefix", ["", "/prod"])
def test_the_source_systems_own_script(each_server: RunningServer, prefix: str):
    server = each_server
    reported = server.call("POST", prefix + "/report-issue", REPORT)
    assert reported.status == 200
    assert reported.json["message"] == "Issue reported successfully"
    issue_id = reported.json["issueId"]
    assert uuid.UUID(issue_id).version == 7

    found = server.call("GET", f"{prefix}/issue-status/{issue_id}")
    assert found.status == 200
    assert found.json["issueId"] == issue_id
    assert {name: found.json[name] for name in REPORT} == REPORT
    assert found.json["status"] == "OPEN"
    assert found.json["createdAt"] == found.json["updatedAt"]
    assert found.json["createdAt"].endswith("Z")
    assert "reporterEmail" not in found.json

    token = server.sign_in()
    body = {"issueId": issue_id, "status": "RESOLVED"}
    updated = server.call("PUT", prefix + "/update-status", body, token=token)
    assert updated.status == 200
    assert updated.json["message"] == "Status updated to RESOLVED"

    listed = server.call("GET", prefix + "/get-all-issues?status=RESOLVED&limit=1", token=token)
    assert listed.status == 200
    assert listed.json["count"] == len(listed.json["issues"]) == 1
    assert listed.json["issues"][0]["issueId"] == issue_id
    assert listed.json["issues"][0]["status"] == "RESOLVED"


@pytest.mark.parametrize("issue_id", ["invalid-id-123", NOBODYS, "%00", "%F0%9F%8E%93", "x" * 3000])
def test_an_issue_that_is_not_there(server: RunningServer, issue_id: str):
    answer = server.call("GET", f"/issue-status/{issue_id}")
    assert (answer.status, answer.json) == (404, {"message": "Issue not found"})


def test_updating_an_issue_that_is_not_there(server: RunningServer, staff: str):
    body = {"issueId": new_id(), "status": "OPEN"}
    answer = server.call("PUT", "/update-status", body, token=staff)
    assert (answer.status, answer.json) == (404, {"message": "Issue not found"})


def test_repeating_the_present_status_changes_nothing(server: RunningServer, admin: str):
    issue_id = server.report()
    body = {"issueId": issue_id, "status": "OPEN"}
    assert server.call("PUT", "/update-status", body, token=admin).status == 200
    thread = server.call("GET", f"/api/issues/{issue_id}", token=admin).json
    assert [item["kind"] for item in thread["history"]] == ["issue.reported"]
    assert thread["issue"]["version"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/update-status", {"issueId": NOBODYS, "status": "OPEN"}),
        ("GET", "/get-all-issues", None),
        ("PATCH", f"/api/issues/{NOBODYS}", {"priority": "LOW"}),
        ("GET", f"/api/issues/{NOBODYS}", None),
        ("POST", f"/api/issues/{NOBODYS}/notes", {"text": "x"}),
        ("DELETE", f"/api/issues/{NOBODYS}/photos/{NOBODYS}", None),
        ("GET", "/api/issues/counts", None),
        ("GET", "/api/issues/statistics", None),
        ("GET", "/api/issues/export.csv", None),
        ("GET", "/api/issues/events", None),
        ("GET", "/api/issues/settings", None),
        (
            "PUT",
            "/api/issues/settings",
            {"campusName": "x", "issueTypes": [], "locations": [], "version": 0},
        ),
        ("GET", "/api/mail/outbox", None),
        ("GET", f"/api/mail/outbox/{NOBODYS}", None),
        ("POST", f"/api/mail/outbox/{NOBODYS}/resend", None),
        ("GET", "/api/jobs/dead", None),
        ("POST", "/api/jobs/dead/1/requeue", None),
        ("DELETE", "/api/jobs/dead/1", None),
        ("GET", "/api/accounts/me", None),
        ("GET", "/api/accounts/staff", None),
        ("POST", "/api/accounts/people", {"email": "a@b.cd", "name": "x", "role": "staff"}),
        ("PUT", "/api/accounts/pin", {}),
    ],
)
def test_what_is_for_staff_is_closed_to_others(server: RunningServer, method, path, body):
    assert server.call(method, path, body).status == 401
    assert server.call(method, path, body, token="not.a.token").status == 401
    assert server.call(method, path, body, headers={"Authorization": "Basic eDp5"}).status == 401


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/issues/settings", None),
        (
            "PUT",
            "/api/issues/settings",
            {"campusName": "x", "issueTypes": [], "locations": [], "version": 0},
        ),
        ("DELETE", "/api/jobs/dead/1", None),
        ("POST", "/api/accounts/people", {"email": "a@b.cd", "name": "x", "role": "staff"}),
        ("PUT", "/api/accounts/pin", {}),
    ],
)
def test_what_is_for_admins_is_closed_to_staff(server: RunningServer, staff, method, path, body):
    assert server.call(method, path, body, token=staff).status == 403


def test_the_log_has_the_type_of_each_report_and_nothing_that_was_typed(server: RunningServer):
    typed = f"Zoë {new_id()}"
    requests: dict[str, str] = {}
    for kind, logged in (("Security", "Security"), (typed, "Other")):
        answer = server.call("POST", "/report-issue", {**REPORT, "issueType": kind, "name": typed})
        assert answer.status == 200
        requests[answer.headers["x-request-id"]] = logged

    def lines() -> dict[str, str]:
        text = server.log.read_text().splitlines()
        found = [json.loads(line) for line in text if '"issue_type"' in line]
        logged = {each["request_id"]: each["issue_type"] for each in found}
        return {each: logged[each] for each in requests if each in logged}

    assert wait_for(lambda: len(lines()) == 2 and lines(), "both lines") == requests
    assert typed not in server.log.read_text()


def test_the_same_idempotency_key_reports_once(server: RunningServer):
    headers = {"Idempotency-Key": new_id()}
    first = server.call("POST", "/report-issue", REPORT, headers=headers)
    again = server.call("POST", "/report-issue", REPORT, headers=headers)
    assert first.json["issueId"] == again.json["issueId"]
    other = server.call("POST", "/report-issue", {**REPORT, "name": "Sam"}, headers=headers)
    assert other.status == 422
    assert "issueId" not in other.json
    mine = server.call("POST", "/report-issue", REPORT, token=server.sign_in(), headers=headers)
    assert mine.json["issueId"] != first.json["issueId"]


@pytest.mark.smoke
def test_lists_narrow_and_search(each_server: RunningServer):
    server = each_server
    place = f"Room {new_id()}"
    wanted = server.report(location=place, description="The zeppelin leaks", issueType="Security")
    other = server.report(location=place, description="The door sticks", issueType="Network")
    token = server.sign_in()

    def ids(query: str) -> list[str]:
        answer = server.call("GET", f"/get-all-issues?{query}", token=token)
        assert answer.status == 200, answer.body
        return [issue["issueId"] for issue in answer.json["issues"]]

    where = "location=" + place.replace(" ", "%20")
    assert ids(where) == [other, wanted]
    assert ids(where + "&issueType=Security") == [wanted]
    assert ids(where + "&status=RESOLVED") == []
    assert ids(where + "&assigneeId=none") == [other, wanted]
    wait_for(lambda: ids(where + "&q=zeppelin") == [wanted], "the search index")
    assert ids(where + "&q=zepp") == [wanted]
    assert ids(where + "&q=") == [other, wanted]


@pytest.mark.parametrize(
    "query",
    [
        "status=open",
        "status=DONE",
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=",
        "cursor=zzz",
        "cursor=%00",
        "priority=MUCH",
        "overdue=perhaps",
        "q=" + "x" * 201,
        "location=" + "x" * 101,
    ],
)
def test_query_values_that_cannot_be_used(server: RunningServer, staff: str, query: str):
    answer = server.call("GET", "/get-all-issues?" + query, token=staff)
    assert answer.status == 400, answer.body
    assert answer.json["message"]
    assert answer.json["errors"][0]["field"] == query.split("=")[0]
