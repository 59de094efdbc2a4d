"""One's own reports: sent signed in, added later, and what staff sees of whose they are."""

from typing import Any

import msgspec
import pytest

from quadrangle.kernel.ids import new_id
from tests.http.issues.issue_calls import get
from tests.running import RunningServer, wait_for

MINE = "/api/issues/mine"
BODY = {"issueType": "Network", "location": "Library", "description": "It is broken"}


class Member(msgspec.Struct, frozen=True):
    account_id: str
    email: str
    password: str
    token: str


def member(server: RunningServer, name: str = "Ann", role: str = "student") -> Member:
    made = server.hire(server.sign_in(), f"{new_id()}@campus.example", role, name)
    token = server.sign_in(made["email"], made["password"])
    return Member(made["accountId"], made["email"], made["password"], token)


def report(server: RunningServer, token: str | None = None, key: str = "", **fields: Any) -> str:
    headers = {"Idempotency-Key": key} if key else {}
    answer = server.call("POST", "/report-issue", BODY | fields, token=token, headers=headers)
    assert answer.status == 200, answer.body
    assert answer.json == {
        "message": "Issue reported successfully",
        "issueId": answer.json["issueId"],
    }
    return answer.json["issueId"]


def mine(server: RunningServer, token: str, **query: Any) -> list[str]:
    return [issue["issueId"] for issue in get(server, MINE, token, **query)["issues"]]


def add(server: RunningServer, token: str, *reports: dict[str, Any]) -> Any:
    answer = server.call("POST", MINE, {"reports": list(reports)}, token=token)
    assert answer.status == 200, answer.body
    return answer.json


def owner_of(server: RunningServer, issue_id: str) -> Any:
    return get(server, f"/api/issues/{issue_id}", server.sign_in())["owner"]


@pytest.mark.smoke
def test_what_is_sent_signed_in_is_listed_for_its_sender_alone(each_server: RunningServer):
    server = each_server
    ann, ben = member(server), member(server, "Ben")
    sent = [report(server, ann.token, email=ann.email, name="Ann S."), report(server, ann.token)]
    report(server, email=ann.email)
    page = get(server, MINE, ann.token, limit=1)
    assert (page["count"], page["issues"][0]["issueId"]) == (1, sent[1])
    page = get(server, MINE, ann.token, limit=1, cursor=page["nextCursor"])
    (issue,) = page["issues"]
    assert (issue["issueId"], page["nextCursor"]) == (sent[0], None)
    assert (issue["reporterEmail"], issue["reporterName"]) == (ann.email, "Ann S.")
    public = server.call("GET", f"/issue-status/{sent[0]}").json
    assert {name: issue[name] for name in public} == public
    assert set(issue) - set(public) == {"reporterEmail", "reporterName"}
    assert mine(server, ben.token) == []


def test_the_list_is_kept_by_nobody_on_the_way(server: RunningServer):
    answer = server.call("GET", MINE, token=member(server).token)
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")


@pytest.mark.smoke
def test_what_was_sent_without_signing_in_is_added_by_its_key_or_address(
    each_server: RunningServer,
):
    server = each_server
    ann, ben = member(server), member(server, "Ben")
    key = new_id()
    by_key, by_address = report(server, key=key), report(server, email=ann.email.upper())
    shown, theirs = report(server), report(server, ben.token, email=ann.email)
    reports = [
        {"issueId": by_key, "key": key},
        {"issueId": by_address},
        {"issueId": shown, "key": key},
        {"issueId": theirs},
        {"issueId": new_id()},
    ]
    answer = add(server, ann.token, *reports)
    assert answer["added"] == [by_key, by_address]
    assert answer["refused"] == [each["issueId"] for each in reports[2:]]
    assert mine(server, ann.token) == [by_address, by_key]
    assert add(server, ben.token, reports[0])["refused"] == [by_key]
    assert mine(server, ben.token) == [theirs]


@pytest.mark.smoke
def test_on_a_shared_computer_the_next_one_does_not_see_who_reported(each_server: RunningServer):
    server = each_server
    ann, key = member(server), new_id()
    issue_id = report(server, key=key, email="eve@x.example", name="Eve S.")
    assert add(server, ann.token, {"issueId": issue_id, "key": key})["added"] == [issue_id]
    (issue,) = get(server, MINE, ann.token)["issues"]
    assert (issue["issueId"], issue["reporterEmail"], issue["reporterName"]) == (
        issue_id,
        None,
        None,
    )
    body = {"password": ann.password}
    closed = server.call("POST", "/api/accounts/me/close", body, token=ann.token)
    assert closed.status == 204, closed.body
    wait_for(lambda: owner_of(server, issue_id) is None, "the report to be released")
    left = get(server, f"/api/issues/{issue_id}", server.sign_in())["issue"]
    assert (left["reporterName"], left["reporterEmail"]) == ("Eve S.", "eve@x.example")


def test_the_holder_of_the_id_does_not_see_that_a_report_was_added(server: RunningServer):
    ann, key = member(server), new_id()
    issue_id = report(server, key=key)
    paths = [f"/issue-status/{issue_id}", f"/api/issues/{issue_id}/conversation"]
    before = [server.call("GET", path).json for path in paths]
    assert add(server, ann.token, {"issueId": issue_id, "key": key})["added"] == [issue_id]
    assert [server.call("GET", path).json for path in paths] == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reports": []}, "reports"),
        ({"reports": [{"issueId": new_id()}] * 51}, "reports"),
        ({"reports": [{"issueId": new_id(), "key": ""}]}, "reports"),
        ({"reports": [{"key": "k"}]}, "reports"),
        ({}, "reports"),
    ],
    ids=["none", "too many", "empty key", "no id", "nothing"],
)
def test_what_cannot_be_added_names_the_field(server: RunningServer, body: Any, field: str):
    answer = server.call("POST", MINE, body, token=member(server).token)
    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == [field]


@pytest.mark.parametrize("cursor", ["%", "WzFd.", "WyJhIl0"])
def test_a_cursor_nobody_gave_out_is_refused(server: RunningServer, cursor: str):
    answer = server.call("GET", f"{MINE}?cursor={cursor}", token=member(server).token)
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, "cursor")


def test_staff_sees_whose_a_report_is_as_they_are_called_now(server: RunningServer):
    ann = member(server)
    issue_id = report(server, ann.token)
    assert owner_of(server, issue_id) == {"accountId": ann.account_id, "name": "Ann"}
    renamed = server.call("PATCH", "/api/accounts/me", {"name": "Ann Smith"}, token=ann.token)
    assert renamed.status == 200
    assert owner_of(server, issue_id)["name"] == "Ann Smith"
    assert owner_of(server, report(server)) is None


def test_neither_the_pin_nor_a_key_own_reports(server: RunningServer, staff: str):
    issue_id = report(server, staff)
    assert owner_of(server, issue_id) is None


@pytest.mark.smoke
def test_a_closed_accounts_reports_are_nobodys_and_name_nobody(each_server: RunningServer):
    server = each_server
    ann, word = member(server), f"zq{new_id()[:8]}"
    name = f"Ann {word}"
    issue_id = report(server, ann.token, email=ann.email, name=name)
    search = {"q": word}
    admin = server.sign_in()
    listed = "/get-all-issues"
    wait_for(lambda: get(server, listed, admin, **search)["count"] == 1, "the report to be found")
    body = {"password": ann.password}
    closed = server.call("POST", "/api/accounts/me/close", body, token=ann.token)
    assert closed.status == 204, closed.body
    wait_for(lambda: owner_of(server, issue_id) is None, "the report to be released")
    wait_for(lambda: get(server, listed, admin, **search)["count"] == 0, "its words to go")

    def told() -> bool:
        thread = get(server, f"/api/issues/{issue_id}", admin)
        return thread["history"][-1]["kind"] == "issue.released"

    wait_for(told, "the report to be released")
    thread = get(server, f"/api/issues/{issue_id}", admin)
    issue = thread["issue"]
    assert (issue["reporterName"], issue["reporterEmail"]) == (None, None)
    assert thread["history"][0]["actorName"] == "Former member"
    export = server.call("GET", "/api/issues/export.csv", token=admin).body.decode()
    assert issue_id in export
    assert word not in export
    assert ann.email not in export
    assert server.call("GET", f"/issue-status/{issue_id}").status == 200
