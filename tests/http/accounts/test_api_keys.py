"""API keys over HTTP: what a machine may do by the scopes of its key, and what nobody's key may."""

from typing import Any

import pytest

from quadrangle.http.asking.auth import SCOPE
from quadrangle.kernel.ids import new_id
from tests.applications import routes_of_one_machine
from tests.running import Answer, RunningServer, wait_for

KEYS = "/api/accounts/api-keys"
SCOPES = [
    *("issues:report", "issues:read", "issues:write", "statistics:read"),
    *("meetings:schedule", "metrics:read"),
]


def make(server: RunningServer, admin: str, **fields: Any) -> dict[str, Any]:
    body = {"name": f"Machine {new_id()[:8]}", "scopes": SCOPES, "plan": "high", **fields}
    answer = server.call("POST", KEYS, body, token=admin)
    assert answer.status == 201, answer.body
    assert answer.headers["cache-control"] == "no-store"
    return answer.json


def ask(server: RunningServer, method: str, path: str, key: str, body: Any = None) -> Answer:
    return server.call(method, path, body, headers={"X-Api-Key": key})


@pytest.fixture(scope="session")
def key(server: RunningServer, admin: str) -> str:
    """One that may do all a key can."""
    return make(server, admin)["key"]


def test_routes_for_keys_are_these_and_no_others():
    declared = {
        (method, path.replace(":str", ""), route.opt[SCOPE])
        for route in routes_of_one_machine()
        if SCOPE in route.opt
        for method in route.http_methods
        for path in route.paths
        if method != "OPTIONS"
    }
    assert declared == {
        ("POST", "/report-issue", "issues:report"),
        ("POST", "/api/issues/{issueId}/photos", "issues:report"),
        ("GET", "/get-all-issues", "issues:read"),
        ("GET", "/api/issues/counts", "issues:read"),
        ("GET", "/api/issues/export.csv", "issues:read"),
        ("GET", "/api/issues/{issueId}", "issues:read"),
        ("GET", "/api/issues/{issueId}/similar", "issues:read"),
        ("PUT", "/update-status", "issues:write"),
        ("PATCH", "/api/issues/{issueId}", "issues:write"),
        ("POST", "/api/issues/{issueId}/replies", "issues:write"),
        ("POST", "/api/issues/{issueId}/notes", "issues:write"),
        ("GET", "/api/issues/statistics", "statistics:read"),
        ("POST", "/schedule", "meetings:schedule"),
        ("POST", "/api/meetings/series", "meetings:schedule"),
        ("GET", "/metrics", "metrics:read"),
    }


def test_a_key_that_only_writes_reads_nothing_of_the_reporter(server, admin):
    issue_id = server.report(email="sam@campus.example", name="Sam")
    path = f"/api/issues/{issue_id}"
    writes = make(server, admin, scopes=["issues:write"])["key"]
    both = make(server, admin, scopes=["issues:write", "issues:read"])["key"]
    for body in ({}, {"priority": "HIGH"}):
        answer = ask(server, "PATCH", path, writes, body)
        assert answer.status == 200
        assert b"sam" not in answer.body.lower()
        assert (answer.json["reporterEmail"], answer.json["reporterName"]) == (None, None)
    assert ask(server, "PATCH", path, both, {}).json["reporterEmail"] == "sam@campus.example"


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/get-all-issues", "issues:read"),
        ("GET", "/api/issues/{}", "issues:read"),
        ("GET", "/api/issues/{}/similar", "issues:read"),
        ("GET", "/api/issues/counts", "issues:read"),
        ("GET", "/api/issues/export.csv", "issues:read"),
        ("GET", "/api/issues/statistics", "statistics:read"),
        ("GET", "/metrics", "metrics:read"),
    ],
)
def test_a_key_reads_what_its_scope_names(server, admin, method, path, scope):
    path = path.format(server.report())
    right = make(server, admin, scopes=[scope])["key"]
    others = make(server, admin, scopes=[s for s in SCOPES if s != scope])["key"]
    assert ask(server, method, path, right).status == 200
    refused = ask(server, method, path, others)
    assert (refused.status, scope in refused.json["message"]) == (403, True)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/accounts/me"),
        ("GET", "/api/accounts/staff"),
        ("GET", KEYS),
        ("POST", KEYS),
        ("DELETE", f"{KEYS}/{new_id()}"),
        ("GET", "/api/accounts/audit"),
        ("GET", "/api/accounts/audit.csv"),
        ("GET", "/api/issues/settings"),
        ("GET", "/api/mail/outbox"),
        ("GET", "/api/jobs/dead"),
    ],
)
def test_no_key_is_for_accounts_settings_mails_and_jobs(server, key, method, path):
    body = {"name": "x", "scopes": ["issues:read"], "plan": "basic"} if method == "POST" else None
    assert ask(server, method, path, key, body).status == 403


def test_a_key_may_come_as_a_bearer_token_but_not_beside_one(server, admin, key):
    assert server.call("GET", "/get-all-issues", token=key).status == 200
    headers = {"X-Api-Key": key}
    assert server.call("GET", "/get-all-issues", token=admin, headers=headers).status == 401


@pytest.mark.parametrize("wrong", ["", "qk_", "nonsense", f"qk_{'0' * 32}_secret"])
def test_a_wrong_key_is_refused_even_where_none_is_needed(server, wrong):
    body = {"issueType": "Network", "location": "Hall", "description": "Broken"}
    assert ask(server, "POST", "/report-issue", wrong, body).status == 401


def test_a_revoked_key_ends_at_once(server, admin):
    made = make(server, admin)
    assert ask(server, "GET", "/get-all-issues", made["key"]).status == 200
    path = f"{KEYS}/{made['apiKey']['apiKeyId']}"
    assert server.call("DELETE", path, token=admin).status == 204
    assert ask(server, "GET", "/get-all-issues", made["key"]).status == 401


def test_the_list_has_no_secrets(server, admin):
    made = make(server, admin, plan="basic", scopes=["issues:read"])
    ask(server, "GET", "/get-all-issues", made["key"])
    answer = server.call("GET", KEYS, token=admin)
    assert made["key"].split("_", 2)[2].encode() not in answer.body
    (listed,) = [k for k in answer.json["apiKeys"] if k["apiKeyId"] == made["apiKey"]["apiKeyId"]]
    assert listed["usedAt"]
    assert {**listed, "usedAt": None} == made["apiKey"]


def test_what_a_machine_did_bears_its_name(server, admin, key):
    body = {"issueType": "Network", "location": "Hall", "description": "Sensor 5 is silent"}
    reported = ask(server, "POST", "/report-issue", key, body)
    assert reported.headers["ratelimit-limit"] == "10000"
    assert int(reported.headers["ratelimit-remaining"]) >= 0
    issue_id = reported.json["issueId"]
    moved = ask(
        server, "PUT", "/update-status", key, {"issueId": issue_id, "status": "IN_PROGRESS"}
    )
    assert moved.status == 200
    whole = server.call("GET", f"/api/issues/{issue_id}", token=admin).json
    assert all(item["actorName"].startswith("API key Machine") for item in whole["history"])
    path = f"/api/accounts/audit?subject={issue_id}"
    records = wait_for(
        lambda: (r := server.call("GET", path, token=admin).json["records"]) and len(r) == 2 and r,
        "the records of what it did",
    )
    assert [record["kind"] for record in records] == ["issue.status-changed", "issue.reported"]
    assert all(record["actorName"].startswith("API key Machine") for record in records)
    assert all(record["origin"] == "127.0.0.1" for record in records)


def test_nobody_who_reports_without_a_key_is_told_of_plans(server):
    body = {"issueType": "Network", "location": "Hall", "description": "Broken"}
    answer = server.call("POST", "/report-issue", body)
    assert not {name for name in answer.headers if name.startswith("ratelimit")}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"plan": "endless"}, "plan"),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
    ],
)
def test_what_cannot_be_used_is_named(server, admin, fields, named):
    body = {"name": "x", "scopes": ["issues:read"], "plan": "basic", **fields}
    answer = server.call("POST", KEYS, body, token=admin)
    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == [named]


def test_the_audit_is_for_administrators(server, staff):
    for path in ("/api/accounts/audit", "/api/accounts/audit.csv", KEYS):
        assert server.call("GET", path).status == 401
        assert server.call("GET", path, token=staff).status == 403


@pytest.mark.parametrize("query", ["from=yesterday", "to=2026-11-21", "kind=x", "limit=201"])
def test_filters_that_cannot_be_are_refused(server, admin, query):
    assert server.call("GET", f"/api/accounts/audit?{query}", token=admin).status == 400


@pytest.mark.parametrize("scopes", [["issues:nothing"], ["issues:read", ""]])
def test_a_scope_that_there_is_not_is_refused_by_name(server, admin, scopes):
    body = {"name": "Sensors", "scopes": scopes, "plan": "high"}
    answer = server.call("POST", KEYS, body, token=admin)
    assert answer.status == 400
    sentence = "This is not one of the allowed values."
    assert answer.json["errors"] == [{"field": "scopes", "message": sentence}]


def test_the_description_names_every_scope(server):
    described = server.call("GET", "/api/openapi.json").json["components"]["schemas"]
    assert described["Scope"]["enum"] == SCOPES
