"""What staff sees of meetings and does for those that are stuck, over HTTP and in the audit."""

from tests.http.meetings.meeting_calls import ahead, scheduled, show
from tests.running import RunningServer, wait_for


def test_staff_ends_a_meeting_and_the_audit_says_who(server: RunningServer, admin: str):
    told = scheduled(server, admin)
    path = f"/api/meetings/{told['id']}"
    empty = server.call("POST", f"{path}/force-end", {"reason": " "}, token=admin)
    assert empty.status == 400
    assert [error["field"] for error in empty.json["errors"]] == ["reason"]
    ended = server.call("POST", f"{path}/force-end", {"reason": "The room burns."}, token=admin)
    assert ended.status == 200, ended.body
    assert (ended.json["status"], ended.json["cost"]) == ("CANCELLED", None)
    meeting = show(server, told["id"], admin)
    assert meeting["endReason"] == "Staff ended the meeting. The room burns."
    assert server.call("POST", f"{path}/retry", {}, token=admin).status == 410

    def kept() -> bool:
        audit = server.call("GET", "/api/accounts/audit?limit=100", token=admin)
        return b"meeting.force-ended" in audit.body and b"burns" not in audit.body

    assert wait_for(kept, "the audit")


def test_the_overview_tells_how_it_stands(server: RunningServer, admin: str):
    seen = server.call("GET", "/api/meetings/operation", token=admin)
    assert seen.status == 200, seen.body
    assert seen.json["price"] is None
    assert seen.json["costPerHour"] is None
    assert seen.json["lately"]["days"] == 7
    assert isinstance(seen.json["why"], str)
    told = scheduled(server, admin, meet_time=ahead(minutes=-30))
    past = server.call("GET", "/api/meetings/operation/history?limit=5", token=admin)
    assert told["id"] in [each["id"] for each in past.json["meetings"]]
