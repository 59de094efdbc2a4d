"""What staff does with issues: status, priority, assignment, duplicates."""

import threading
from typing import Any

import pytest

from quadrangle.kernel.ids import new_id
from tests.running import RunningServer, wait_for


def patch(server: RunningServer, issue_id: str, token: str, **fields: Any):
    return server.call("PATCH", f"/api/issues/{issue_id}", fields, token=token)


def whole(server: RunningServer, issue_id: str, token: str) -> Any:
    answer = server.call("GET", f"/api/issues/{issue_id}", token=token)
    assert answer.status == 200, answer.body
    return answer.json


def hire(server: RunningServer, token: str, name: str) -> str:
    """Add a staff member and return the account's id."""
    return server.hire(token, f"{new_id()}@campus.example", name=name)["accountId"]


def refused(answer: Any, field: str) -> None:
    assert answer.status == 400, answer.body
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert answer.json["message"].endswith(".")


@pytest.mark.smoke
def test_several_fields_change_at_once_and_history_tells_each(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    issue_id = server.report(issueType="Network", location="Library")
    answer = patch(
        server,
        issue_id,
        token,
        status="IN_PROGRESS",
        priority="HIGH",
        issueType=" Security ",
        location="Main Hall",
    )
    assert answer.status == 200
    issue = answer.json
    assert (issue["status"], issue["priority"]) == ("IN_PROGRESS", "HIGH")
    assert (issue["issueType"], issue["location"]) == ("Security", "Main Hall")
    assert issue["version"] == 2
    thread = whole(server, issue_id, token)
    assert thread["issue"] == issue
    told = {
        item["field"]: (item["kind"], item["old"], item["new"], item["actorName"])
        for item in thread["history"][1:]
    }
    assert told == {
        "status": ("issue.status-changed", "OPEN", "IN_PROGRESS", "Administrator"),
        "priority": ("issue.priority-changed", "NORMAL", "HIGH", "Administrator"),
        "issueType": ("issue.edited", "Network", "Security", "Administrator"),
        "location": ("issue.edited", "Library", "Main Hall", "Administrator"),
    }


@pytest.mark.smoke
def test_similar_issues_are_suggested_with_what_is_alike(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    place, kind = f"Room {new_id()}", f"Type {new_id()}"
    issue_id = server.report(location=place, issueType=kind, description="The lamp flickers")
    twin = server.report(location=place, issueType=kind, description="A lamp that flickers")
    near = server.report(location=place, description="Something else")
    answer = server.call("GET", f"/api/issues/{issue_id}/similar", token=token)
    assert answer.status == 200, answer.body
    told = [
        (each["issue"]["issueId"], each["sameType"], each["samePlace"], each["words"])
        for each in answer.json["similar"]
    ]
    assert told == [(twin, True, True, ["flickers", "lamp"]), (near, False, True, [])]
    missing = server.call("GET", f"/api/issues/{new_id()}/similar", token=token)
    assert (missing.status, missing.json["message"]) == (404, "Issue not found")


def test_the_reporter_sees_what_became_of_it(server: RunningServer, staff: str):
    issue_id = server.report()
    patch(server, issue_id, staff, status="RESOLVED", priority="LOW")
    seen = server.call("GET", f"/issue-status/{issue_id}").json
    assert (seen["status"], seen["priority"]) == ("RESOLVED", "LOW")
    assert seen["resolvedAt"] == seen["updatedAt"] > seen["createdAt"]
    patch(server, issue_id, staff, status="OPEN")
    assert server.call("GET", f"/issue-status/{issue_id}").json["resolvedAt"] is None


def test_another_type_moves_the_target(server: RunningServer, staff: str):
    issue_id = server.report(issueType="Infrastructure")
    before = server.call("GET", f"/issue-status/{issue_id}").json["dueAt"]
    moved = patch(server, issue_id, staff, issueType="Security").json["dueAt"]
    assert moved < before


def test_what_stays_the_same_is_no_change(server: RunningServer, staff: str):
    issue_id = server.report(location="Library")
    for fields in ({}, {"status": "OPEN", "location": " Library ", "assigneeId": None}):
        assert patch(server, issue_id, staff, **fields).json["version"] == 1
    assert len(whole(server, issue_id, staff)["history"]) == 1


# -- assignment ---------------------------------------------------------------------------------


@pytest.mark.smoke
def test_an_issue_is_assigned_and_history_names_people(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    bo, cleo = hire(server, token, "Bo"), hire(server, token, "Cleo")
    issue_id = server.report()
    first = patch(server, issue_id, token, assigneeId=bo).json
    assert (first["assigneeId"], first["assigneeName"]) == (bo, "Bo")
    patch(server, issue_id, token, assigneeId=cleo)
    last = patch(server, issue_id, token, assigneeId=None).json
    assert (last["assigneeId"], last["assigneeName"]) == (None, None)
    history = whole(server, issue_id, token)["history"][1:]
    assert [(i["kind"], i["field"], i["old"], i["new"]) for i in history] == [
        ("issue.assigned", "assigneeId", None, "Bo"),
        ("issue.assigned", "assigneeId", "Bo", "Cleo"),
        ("issue.assigned", "assigneeId", "Cleo", None),
    ]


def test_lists_find_who_has_what(server: RunningServer, admin: str):
    bo = hire(server, admin, "Bo")
    place = f"Room {new_id()[:8]}"
    mine, nobodys = server.report(location=place), server.report(location=place)
    patch(server, mine, admin, assigneeId=bo)

    def ids(who: str) -> list[str]:
        query = f"location={place.replace(' ', '%20')}&assigneeId={who}"
        issues = server.call("GET", f"/get-all-issues?{query}", token=admin).json["issues"]
        return [issue["issueId"] for issue in issues]

    assert ids(bo) == [mine]
    assert ids("none") == [nobodys]


def test_former_staff_is_named_but_not_assigned_to(server: RunningServer, admin: str):
    bo = hire(server, admin, "Bo the former")
    done, begun = server.report(), server.report()
    patch(server, done, admin, assigneeId=bo, status="RESOLVED")
    patch(server, begun, admin, assigneeId=bo)
    path = f"/api/accounts/people/{bo}"
    assert server.call("PATCH", path, {"active": False}, token=admin).status == 200
    wait_for(
        lambda: whole(server, begun, admin)["issue"]["assigneeId"] is None,
        "what is not resolved to be nobody's",
    )
    assert whole(server, done, admin)["issue"]["assigneeName"] == "Bo the former"
    refused(patch(server, server.report(), admin, assigneeId=bo), "assigneeId")


@pytest.mark.parametrize("assignee", [new_id(), "nobody", "", "\x00", "x" * 10_000])
def test_nobody_else_is_assigned(each_server: RunningServer, assignee: str):
    token = each_server.sign_in()
    issue_id = each_server.report()
    refused(patch(each_server, issue_id, token, assigneeId=assignee), "assigneeId")


# -- duplicates ---------------------------------------------------------------------------------


def status_of(server: RunningServer, issue_id: str) -> str:
    return server.call("GET", f"/issue-status/{issue_id}").json["status"]


@pytest.mark.smoke
def test_duplicates_follow_their_original(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    original, first, second = server.report(), server.report(), server.report()
    patch(server, original, token, status="IN_PROGRESS")
    linked = patch(server, first, token, duplicateOf=original)
    assert linked.json["duplicateOf"] == original
    wait_for(lambda: status_of(server, first) == "IN_PROGRESS", "the first to follow")
    patch(server, second, token, duplicateOf=original)
    wait_for(lambda: status_of(server, second) == "IN_PROGRESS", "the second to follow")

    patch(server, original, token, status="RESOLVED")
    for duplicate in (first, second):
        wait_for(lambda d=duplicate: status_of(server, d) == "RESOLVED", "both to be resolved")
    thread = whole(server, original, token)
    assert [issue["issueId"] for issue in thread["duplicates"]] == [first, second]
    history = whole(server, first, token)["history"]
    assert [(i["kind"], i["new"], i["actorName"]) for i in history[1:]] == [
        ("issue.linked", original, "Administrator"),
        ("issue.status-changed", "IN_PROGRESS", "Quadrangle"),
        ("issue.status-changed", "RESOLVED", "Quadrangle"),
    ]


def test_the_reporter_of_a_duplicate_does_not_learn_the_other_id(server: RunningServer, staff: str):
    original, duplicate = server.report(), server.report()
    patch(server, duplicate, staff, duplicateOf=original)
    issue = server.call("GET", f"/issue-status/{duplicate}")
    thread = server.call("GET", f"/api/issues/{duplicate}/conversation")
    assert issue.json["isDuplicate"] is True
    assert original not in issue.body.decode() + thread.body.decode()
    assert server.call("GET", f"/issue-status/{original}").json["isDuplicate"] is False


def test_an_unlinked_issue_goes_its_own_way(server: RunningServer, staff: str):
    original, duplicate = server.report(), server.report()
    patch(server, duplicate, staff, duplicateOf=original)
    assert patch(server, duplicate, staff, duplicateOf=None).json["duplicateOf"] is None
    patch(server, original, staff, status="RESOLVED")
    # jobs run in order: once a later link is followed, this one would have been
    witness, follower = server.report(), server.report()
    patch(server, follower, staff, duplicateOf=witness)
    patch(server, witness, staff, status="RESOLVED")
    wait_for(lambda: status_of(server, follower) == "RESOLVED", "a later link to be followed")
    assert status_of(server, duplicate) == "OPEN"
    assert whole(server, original, staff)["duplicates"] == []


def test_a_duplicate_of_a_duplicate_is_linked_to_the_original(server: RunningServer, staff: str):
    original, middle, last = server.report(), server.report(), server.report()
    patch(server, middle, staff, duplicateOf=original)
    assert patch(server, last, staff, duplicateOf=middle).json["duplicateOf"] == original


def test_links_never_chain_or_circle(server: RunningServer, staff: str):
    original, duplicate, other = server.report(), server.report(), server.report()
    patch(server, duplicate, staff, duplicateOf=original)
    refused(patch(server, original, staff, duplicateOf=duplicate), "duplicateOf")
    refused(patch(server, original, staff, duplicateOf=original), "duplicateOf")
    answer = patch(server, original, staff, duplicateOf=other)
    assert answer.status == 409
    assert "Unlink" in answer.json["message"]


@pytest.mark.parametrize("target", [new_id(), "nothing", "", "\x00"])
def test_a_link_to_nothing_is_refused(each_server: RunningServer, target: str):
    token = each_server.sign_in()
    issue_id = each_server.report()
    refused(patch(each_server, issue_id, token, duplicateOf=target), "duplicateOf")


# -- faults and races ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "DONE"),
        ("status", None),
        ("status", 1),
        ("priority", "high"),
        ("priority", None),
        ("issueType", " "),
        ("issueType", None),
        ("location", "x" * 101),
        ("location", "a\x00b"),
        ("assigneeId", 7),
        ("duplicateOf", []),
        ("version", "1"),
        ("version", None),
        ("version", 1.5),
    ],
)
def test_a_value_that_cannot_be_used_changes_nothing(server, staff, field, value):
    issue_id = server.report()
    other = {} if field == "priority" else {"priority": "URGENT"}
    refused(patch(server, issue_id, staff, **{field: value}, **other), field)
    assert whole(server, issue_id, staff)["issue"]["version"] == 1


def test_an_issue_that_is_not_there(server: RunningServer, staff: str):
    for issue_id in (new_id(), "nothing", "%00"):
        answer = patch(server, issue_id, staff, priority="LOW")
        assert (answer.status, answer.json) == (404, {"message": "Issue not found"})


def test_an_older_version_is_not_written_over(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    issue_id = server.report()
    assert patch(server, issue_id, token, priority="HIGH", version=1).json["version"] == 2
    stale = patch(server, issue_id, token, priority="LOW", version=1)
    assert stale.status == 409
    assert "Load it again" in stale.json["message"]
    assert patch(server, issue_id, token, priority="LOW", version=99).status == 409
    assert whole(server, issue_id, token)["issue"]["priority"] == "HIGH"
    assert patch(server, issue_id, token, priority="LOW", version=2).json["version"] == 3


@pytest.mark.smoke
def test_of_those_who_saw_the_same_version_one_wins(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    issue_id = server.report()
    answers: list[int] = []

    def try_it(place: str) -> None:
        answers.append(patch(server, issue_id, token, location=place, version=1).status)

    threads = [threading.Thread(target=try_it, args=(f"Room {i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * 7
    assert whole(server, issue_id, token)["issue"]["version"] == 2


def test_changes_of_different_fields_at_once_are_all_kept(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    issue_id = server.report()
    edits = [{"priority": "URGENT"}, {"status": "IN_PROGRESS"}, {"location": "Cafeteria"}]
    threads = [
        threading.Thread(target=patch, args=(server, issue_id, token), kwargs=edit)
        for edit in edits
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    issue = whole(server, issue_id, token)["issue"]
    assert (issue["priority"], issue["status"], issue["location"]) == (
        "URGENT",
        "IN_PROGRESS",
        "Cafeteria",
    )
    assert issue["version"] == 4
