"""Files, recordings and what came of a meeting, over HTTP."""

from typing import Any

import pytest

from tests.http.meetings.meeting_calls import key_of, scheduled, show
from tests.running import Answer, Campus, RunningServer

UNSIGNED = "?until=2027-01-01T00:00:00.000Z&signature=x"


class Sides:
    """One meeting, and calls by the links of its two sides."""

    def __init__(self, server: Campus, token: str) -> None:
        made = scheduled(server, token)
        self.server, self.id = server, made["id"]
        self.keys = {role: key_of(made[f"{role}_link"]) for role in ("teacher", "student")}

    def call(self, role: str, method: str, path: str, body: Any = None, query: str = "") -> Answer:
        address = f"/api/meetings/{self.id}/{path}?role={role}{query}"
        headers = {"X-Join-Key": self.keys[role]}
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/octet-stream"
        return self.server.call(method, address, body, headers=headers)

    def add(self, role: str, name: str, content: bytes) -> Answer:
        return self.call(role, "POST", "files", content, query=f"&name={name}")

    def post(self, role: str, path: str, body: dict[str, Any]) -> Answer:
        return self.call(role, "POST", path, {"role": role, **body})


@pytest.fixture
def admin_of(each_server: RunningServer) -> str:
    return each_server.sign_in()


@pytest.fixture
def sides(each_server: RunningServer, admin_of: str) -> Sides:
    return Sides(each_server, admin_of)


def test_files_are_handed_out_listed_and_taken_back(sides: Sides, admin_of: str):
    added = sides.add("teacher", "Blatt%201.pdf", b"%PDF")
    assert added.status == 201, added.body
    (item,) = added.json["files"]
    assert (item["name"], item["size"]) == ("Blatt 1.pdf", 4)
    assert (item["onDesktops"], item["problems"]) == ([], {})
    assert added.json["largest"] == 25 * 1024 * 1024
    for role in ("teacher", "student"):
        assert sides.call(role, "GET", "files").json == added.json
    path = f"/api/meetings/{sides.id}/files"
    assert sides.server.call("GET", path, token=admin_of).json == added.json
    assert sides.call("student", "DELETE", f"files/{item['fileId']}").status == 403
    assert sides.call("teacher", "DELETE", f"files/{item['fileId']}").status == 204
    assert sides.call("teacher", "DELETE", f"files/{item['fileId']}").status == 404
    assert sides.call("student", "GET", "files").json["files"] == []


def test_a_handed_out_file_is_fetched_by_both_and_by_nobody_else(sides: Sides, admin_of: str):
    content, name = b"%PDF \x00", "Blatt%20%C3%BC%22%3B.pdf"
    (item,) = sides.add("teacher", name, content).json["files"]
    wanted = {"kind": "handout", "name": item["fileId"]}
    for role in ("teacher", "student"):
        told = sides.post(role, "downloads", wanted)
        answer = sides.server.call("GET", told.json["address"])
        assert (answer.status, answer.body) == (200, content)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == "no-store"
        said = answer.headers["content-disposition"]
        assert said.startswith('attachment; filename="Blatt __;.pdf"; ')
        assert said.endswith("filename*=UTF-8''Blatt%20%C3%BC%22%3B.pdf")
    path = f"/api/meetings/{sides.id}/downloads"
    assert sides.server.call("POST", path, wanted, token=admin_of).status == 403
    assert sides.post("student", "downloads", {**wanted, "name": "x"}).status == 404
    foreign = told.json["address"].replace(sides.id, sides.id[::-1])
    assert sides.server.call("GET", foreign).status == 400


def test_what_was_typed_is_read_again_by_both_and_by_nobody_else(sides: Sides, admin_of: str):
    assert sides.call("teacher", "GET", "chat").json == {"messages": [], "after": None}
    inside = sides.post("student", "room", {}).json["participantId"]
    for text in ("One", "Two"):
        sent = sides.post("student", f"room/{inside}/messages", {"kind": "chat", "data": text})
        assert sent.status == 204
    for role in ("teacher", "student"):
        read = sides.call(role, "GET", "chat").json
        assert [(each["role"], each["data"]) for each in read["messages"]] == [
            ("student", "One"),
            ("student", "Two"),
        ]
    path = f"/api/meetings/{sides.id}/chat"
    assert sides.server.call("GET", path, token=admin_of).status == 403
    assert sides.server.call("GET", path).status == 401


def test_what_is_no_file_is_refused(sides: Sides):
    assert sides.add("student", "mine.txt", b"x").status == 403
    assert sides.add("teacher", "empty.txt", b"").status == 400
    assert sides.add("teacher", "..", b"x").status == 400
    assert sides.add("teacher", "large.bin", bytes(25 * 1024 * 1024 + 1)).status == 413
    assert sides.add("teacher", "a.txt", b"x").status == 201
    assert sides.add("teacher", "A.TXT", b"x").status == 409
    path = f"/api/meetings/{sides.id}/files?name=b&role=teacher"
    assert sides.server.call("POST", path, b"x").status == 401


def test_nothing_is_recorded_before_a_meeting(sides: Sides):
    assert sides.call("student", "GET", "recordings").json == {
        "recordings": [],
        "active": None,
        "version": 0,
    }
    asked = sides.post("teacher", "recordings", {"action": "ask", "desktop": "student"})
    assert asked.status == 409
    assert sides.post("student", "recordings", {"action": "stop"}).status == 409
    assert sides.post("student", "recordings", {"action": "film"}).status == 400
    assert sides.post("teacher", "recordings", {"action": "ask"}).status == 400


def test_what_came_of_it_is_for_both_and_staff(sides: Sides, admin_of: str):
    teacher = sides.call("teacher", "GET", "outcome").json
    student = sides.call("student", "GET", "outcome").json
    staff = sides.server.call("GET", f"/api/meetings/{sides.id}/outcome", token=admin_of).json
    assert [each["role"] for each in (teacher, student, staff)] == ["teacher", "student", None]
    for seen, roles in (
        (teacher, ["teacher", "student"]),
        (student, ["student"]),
        (staff, ["teacher", "student"]),
    ):
        assert [each["role"] for each in seen["attendance"]] == roles
        assert seen["takeHome"] == {
            "state": "none",
            "files": [],
            "isPartial": False,
            "until": None,
            "unread": [],
        }
    assert sides.call("teacher", "PUT", "note", {"text": "x"}).status == 409
    assert sides.call("student", "PUT", "note", {"text": "x"}).status == 403


def test_addresses_of_downloads_are_made_here_only(sides: Sides, admin_of: str):
    assert sides.post("student", "downloads", {"kind": "take-home", "name": "1"}).status == 404
    for name in ("x", "-1", "", "²"):
        body = {"kind": "take-home", "name": name}
        assert sides.post("student", "downloads", body).status == 404
    body = {"kind": "take-home", "name": "1"}
    path = f"/api/meetings/{sides.id}/downloads"
    assert sides.server.call("POST", path, body, token=admin_of).status == 403
    assert sides.server.call("POST", path, {**body, "kind": "recording"}).status == 401
    for path in ("take-home/1", "take-home/x", f"recordings/{sides.id}/film"):
        address = f"/api/meetings/{sides.id}/{path}"
        assert sides.server.call("GET", address + UNSIGNED).status == 400
        assert sides.server.call("GET", address).status == 400


def test_a_student_reads_their_own_attendance(each_server: RunningServer, admin_of: str):
    ben = each_server.hire(admin_of, "ben-attends@campus.example", "student", "Ben")
    made = scheduled(each_server, admin_of, student_email="ben-attends@campus.example")
    token = each_server.sign_in("ben-attends@campus.example", ben["password"])
    mine = show(each_server, made["id"], token)["attendance"]
    assert [each["role"] for each in mine] == ["student"]
    both = show(each_server, made["id"], admin_of)["attendance"]
    assert [each["role"] for each in both] == ["teacher", "student"]


def test_everybody_chooses_their_reminders(each_server: RunningServer, admin_of: str):
    path = "/api/meetings/reminders"
    assert each_server.call("GET", path, token=admin_of).json == {"day": True, "hour": True}
    chosen = {"day": False, "hour": True}
    assert each_server.call("PUT", path, chosen, token=admin_of).json == chosen
    assert each_server.call("GET", path, token=admin_of).json == chosen
    assert each_server.call("PUT", path, {"day": "no"}, token=admin_of).status == 400
    assert each_server.call("GET", path).status == 401
