"""Replies everyone on an issue may read, and notes that only staff ever sees."""

import uuid

import pytest

from quadrangle.kernel.ids import new_id
from tests.running import RunningServer

SECRET = "The janitor suspects a thief."


def public(server: RunningServer, issue_id: str):
    answer = server.call("GET", f"/api/issues/{issue_id}/conversation")
    assert answer.status == 200, answer.body
    return answer


def whole(server: RunningServer, issue_id: str, token: str):
    answer = server.call("GET", f"/api/issues/{issue_id}", token=token)
    assert answer.status == 200, answer.body
    return answer.json


def say(server: RunningServer, issue_id: str, text: str, *, kind: str = "replies", token=None):
    return server.call("POST", f"/api/issues/{issue_id}/{kind}", {"text": text}, token=token)


@pytest.mark.smoke
def test_a_conversation_reads_in_the_order_it_was_held(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    issue_id = server.report(name="Ada")
    first = say(server, issue_id, "  Any news?\nIt still drips. ")
    second = say(server, issue_id, "On our way.", token=token)
    third = say(server, issue_id, "Thank you 🎓")
    assert [first.status, second.status, third.status] == [201, 201, 201]

    entries = public(server, issue_id).json["entries"]
    assert entries == [first.json, second.json, third.json]
    assert [entry["text"] for entry in entries] == [
        "Any news?\nIt still drips.",
        "On our way.",
        "Thank you 🎓",
    ]
    assert [(e["kind"], e["authorName"], e["authorRole"]) for e in entries] == [
        ("reply", "Ada", "reporter"),
        ("reply", "Administrator", "staff"),
        ("reply", "Ada", "reporter"),
    ]
    assert set(first.json) == {"entryId", "kind", "text", "authorName", "authorRole", "at"}
    assert uuid.UUID(first.json["entryId"]).version == 4
    assert first.json["at"] <= second.json["at"] <= third.json["at"]
    assert whole(server, issue_id, token)["conversation"] == entries
    assert server.call("GET", f"/issue-status/{issue_id}").json["replyCount"] == 3


def test_a_reporter_without_a_name_and_staff_with_the_pin_have_one_too(
    server: RunningServer, staff: str
):
    issue_id = server.report()
    assert say(server, issue_id, "Hello").json["authorName"] == "Reporter"
    assert say(server, issue_id, "Hello", token=staff).json["authorName"] == "Staff (PIN)"


@pytest.mark.smoke
def test_a_note_is_for_staff_and_leaves_no_trace_for_the_reporter(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    issue_id = server.report()
    say(server, issue_id, "A reply before.", token=token)
    before = server.call("GET", f"/issue-status/{issue_id}").json
    thread_before = public(server, issue_id).json

    noted = say(server, issue_id, SECRET, kind="notes", token=token)
    assert noted.status == 201
    assert (noted.json["kind"], noted.json["text"]) == ("note", SECRET)

    assert public(server, issue_id).json == thread_before
    assert server.call("GET", f"/issue-status/{issue_id}").json == before
    for path in (f"/api/issues/{issue_id}/conversation", f"/issue-status/{issue_id}"):
        assert b"janitor" not in server.call("GET", path).body
        assert noted.json["entryId"].encode() not in server.call("GET", path).body

    thread = whole(server, issue_id, token)
    assert [entry["kind"] for entry in thread["conversation"]] == ["reply", "note"]
    assert thread["conversation"][1] == noted.json
    assert thread["history"][-1]["kind"] == "issue.noted"
    assert thread["issue"]["replyCount"] == 1


def test_only_staff_notes(server: RunningServer):
    issue_id = server.report()
    assert say(server, issue_id, SECRET, kind="notes").status == 401
    token = server.sign_in()
    assert whole(server, issue_id, token)["conversation"] == []


def test_assigning_leaves_no_trace_for_the_reporter_either(server: RunningServer, admin: str):
    account_id = server.call("GET", "/api/accounts/me", token=admin).json["accountId"]
    issue_id = server.report()
    before = server.call("GET", f"/issue-status/{issue_id}").json
    edit = {"assigneeId": account_id}
    assert server.call("PATCH", f"/api/issues/{issue_id}", edit, token=admin).status == 200
    assert server.call("GET", f"/issue-status/{issue_id}").json == before
    assert [item["kind"] for item in public(server, issue_id).json["timeline"]] == [
        "issue.reported"
    ]


def test_the_timeline_shows_moves_of_the_status_and_nothing_else(
    server: RunningServer, staff: str, admin: str
):
    issue_id = server.report(name="Ada")
    path = f"/api/issues/{issue_id}"
    server.call("PATCH", path, {"priority": "URGENT", "location": "Car Park"}, token=staff)
    server.call("PATCH", path, {"status": "IN_PROGRESS"}, token=staff)
    say(server, issue_id, "Found it.", token=staff)
    server.call("PATCH", path, {"status": "RESOLVED"}, token=admin)
    timeline = public(server, issue_id).json["timeline"]
    assert [(i["kind"], i["old"], i["new"], i["actorName"]) for i in timeline] == [
        ("issue.reported", None, None, "Ada"),
        ("issue.status-changed", "OPEN", "IN_PROGRESS", "Staff (PIN)"),
        ("issue.status-changed", "IN_PROGRESS", "RESOLVED", "Administrator"),
    ]
    assert [i["seq"] for i in timeline] == sorted(i["seq"] for i in timeline)


@pytest.mark.parametrize("kind", ["replies", "notes"])
@pytest.mark.parametrize(
    "text", ["", "  \n ", "a\x00b", "a\x1bb", "x" * 5001, None, 7, ["x"], {"a": 1}]
)
def test_a_text_that_cannot_be_said(server: RunningServer, staff: str, kind: str, text):
    issue_id = server.report()
    answer = say(server, issue_id, text, kind=kind, token=staff)
    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == ["text"]
    assert whole(server, issue_id, staff)["conversation"] == []


def test_the_longest_text_fits(server: RunningServer):
    issue_id = server.report()
    longest = "\U0001f393" * 5000
    assert say(server, issue_id, longest).json["text"] == longest
    assert public(server, issue_id).json["entries"][0]["text"] == longest


@pytest.mark.parametrize("issue_id", [new_id(), "nothing", "%00", "%2e%2e"])
def test_there_is_no_conversation_without_an_issue(each_server: RunningServer, issue_id: str):
    server = each_server
    token = server.sign_in()
    answers = [
        server.call("GET", f"/api/issues/{issue_id}", token=token),
        server.call("GET", f"/api/issues/{issue_id}/conversation"),
        say(server, issue_id, "Hello"),
        say(server, issue_id, "Hello", kind="notes", token=token),
    ]
    for answer in answers:
        assert (answer.status, answer.json) == (404, {"message": "Issue not found"})


def test_wrong_credentials_do_not_turn_staff_into_a_reporter(server: RunningServer):
    issue_id = server.report()
    assert say(server, issue_id, "Hello", token="not.a.token").status == 401
    assert public(server, issue_id).json["entries"] == []


def test_one_issue_is_not_another(server: RunningServer):
    issue_id, other = server.report(), server.report()
    say(server, issue_id, "Only here.")
    assert public(server, other).json["entries"] == []
    assert server.call("GET", f"/issue-status/{other}").json["replyCount"] == 0


def test_a_reply_to_a_resolved_report_opens_it_again_where_everybody_sees_it(
    server: RunningServer, staff: str
):
    issue_id = server.report(name="Ada")
    done = {"status": "RESOLVED"}
    assert server.call("PATCH", f"/api/issues/{issue_id}", done, token=staff).status == 200
    assert say(server, issue_id, "Thanks, but", token=staff).status == 201
    assert server.call("GET", f"/issue-status/{issue_id}").json["status"] == "RESOLVED"
    assert say(server, issue_id, "It still drips").status == 201
    shown = server.call("GET", f"/issue-status/{issue_id}").json
    assert (shown["status"], shown["resolvedAt"]) == ("OPEN", None)
    last = whole(server, issue_id, staff)["history"][-1]
    assert (last["kind"], last["actorName"]) == ("issue.status-changed", "Ada")
