"""Whose reports are, with the rights functions have: listed, added, released with the account."""

from uuid import uuid4

from tests.running import Campus, wait_for

BODY = {"issueType": "Network", "location": "Library", "description": "It is broken"}
MINE = "/api/issues/mine"


def test_ones_own_reports_are_listed_added_and_released(campus: Campus, staff: str):
    ann = campus.hire(staff, f"ann-{uuid4().hex}@campus.example", "student", "Ann")
    token = campus.sign_in(ann["email"], ann["password"])
    key = uuid4().hex
    before = campus.call("POST", "/report-issue", BODY, headers={"Idempotency-Key": key})
    theirs = campus.report()
    signed_in = campus.call(
        "POST", "/report-issue", BODY | {"email": ann["email"], "name": "Ann"}, token=token
    )
    ids = [answer.json["issueId"] for answer in (before, signed_in)]
    listed = campus.call("GET", MINE, token=token).json["issues"]
    assert [issue["issueId"] for issue in listed] == [ids[1]]

    reports = [{"issueId": ids[0], "key": key}, {"issueId": theirs, "key": key}]
    added = campus.call("POST", MINE, {"reports": reports}, token=token)
    assert (added.status, added.json) == (200, {"added": [ids[0]], "refused": [theirs]})
    page = campus.call("GET", f"{MINE}?limit=1", token=token).json
    assert [issue["issueId"] for issue in page["issues"]] == [ids[1]]
    page = campus.call("GET", f"{MINE}?limit=1&cursor={page['nextCursor']}", token=token).json
    assert [issue["issueId"] for issue in page["issues"]] == [ids[0]]

    whole = campus.call("GET", f"/api/issues/{ids[0]}", token=staff).json
    assert whole["owner"] == {"accountId": ann["accountId"], "name": "Ann"}

    closing = campus.call(
        "POST", "/api/accounts/me/close", {"password": ann["password"]}, token=token
    )
    assert closing.status == 204, closing.body

    def released() -> bool:
        found = [campus.call("GET", f"/api/issues/{each}", token=staff).json for each in ids]
        return all(each["history"][-1]["kind"] == "issue.released" for each in found)

    wait_for(released, "the reports to be released")
    whole = campus.call("GET", f"/api/issues/{ids[1]}", token=staff).json
    assert (whole["owner"], whole["issue"]["reporterEmail"]) == (None, None)
    assert whole["issue"]["reporterName"] is None
    assert "Ann" not in str(whole)
