"""The two calls of the source system, as its clients send them."""

import uuid

import pytest

from tests.http.meetings.meeting_calls import ahead, join, key_of, schedule, scheduled, show
from tests.running import RunningServer

NOBODYS = "00000000-0000-4000-8000-000000000000"
INVALID = {"message": "Invalid meeting ID or role."}


@pytest.mark.parametrize("prefix", ["", "/prod"])
def test_the_source_systems_own_form(server: RunningServer, admin: str, prefix: str):
    body = {
        "teacher_name": "Dr Ada",
        "student_name": "Ben",
        "meet_time": "2027-03-01T15:00:00.000Z",
        "frontend_base_url": f"{server.base}/meeting",
    }
    answer = server.call("POST", f"{prefix}/schedule", body, token=admin)
    assert answer.status == 200, answer.body
    told = answer.json
    assert told["message"] == "Session scheduled!"
    assert uuid.UUID(told["id"]).version == 4
    assert told["jitsi_url"].endswith(told["id"])
    for role in ("teacher", "student"):
        start = f"{server.base}/meeting?id={told['id']}&role={role}&key="
        assert told[f"{role}_link"].startswith(start)
    assert "no-store" in answer.headers["cache-control"]
    waiting = server.call(
        "GET", f"{prefix}/join/{told['id']}/student?key={key_of(told['student_link'])}"
    )
    assert waiting.status == 202
    assert waiting.json["message"] == "Instance is warming up. Please wait."
    assert waiting.json["status"] == "SCHEDULED"
    assert waiting.json["eta_seconds"] > 0
    assert int(waiting.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("meet_time", "time_zone", "word"),
    [
        ("2027-03-28T02:30", "Europe/Berlin", "skipped"),
        ("2027-10-31T02:30", "Europe/Berlin", "offset"),
        ("2027-10-03T02:15", "Australia/Lord_Howe", "skipped"),
        ("2027-03-01T15:00", None, ""),
        ("2027-03-01T15:00", "Mars/Olympus", ""),
        ("soon", "Europe/Berlin", ""),
        ("0001-01-01T00:00:00Z", None, ""),
        ("9999-12-31T23:59:59+00:00", None, ""),
        ("2020-01-01T00:00:00Z", None, "past"),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_field(
    server: RunningServer, admin: str, meet_time: str, time_zone: str | None, word: str
):
    zone = {} if time_zone is None else {"time_zone": time_zone}
    answer = schedule(server, admin, meet_time=meet_time, **zone)
    assert answer.status == 400
    (error,) = answer.json["errors"]
    assert error["field"] in ("meet_time", "time_zone")
    assert word in error["message"]


def test_a_time_that_comes_twice_is_taken_with_its_offset(server: RunningServer, admin: str):
    told = scheduled(server, admin, meet_time="2027-10-31T02:30+01:00", time_zone="Europe/Berlin")
    assert show(server, told["id"], admin)["meetTime"] == "2027-10-31T01:30:00.000Z"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/meeting",
        "javascript:alert(1)",
        "//evil.example",
        "data:text/html,x",
        "",
        "http://user:pass@127.0.0.1/meeting",
    ],
)
def test_links_lead_nowhere_else(server: RunningServer, admin: str, address: str):
    answer = schedule(server, admin, frontend_base_url=address)
    assert answer.status == 400
    assert {error["field"] for error in answer.json["errors"]} == {"frontend_base_url"}


def test_who_may_schedule(server: RunningServer, admin: str):
    assert schedule(server, None).status == 401
    student = server.hire(admin, "sam.meets@campus.example", "student")
    token = server.sign_in(student["email"], student["password"])
    assert schedule(server, token).status == 403


def test_nobody_becomes_the_teacher_by_editing_the_address(server: RunningServer, admin: str):
    told, other = scheduled(server, admin), scheduled(server, admin)
    key = key_of(told["student_link"])
    for meeting_id, role, wrong in (
        (told["id"], "teacher", key),
        (told["id"], "student", key[:-1] + ("A" if key[-1] != "A" else "B")),
        (told["id"], "student", ""),
        (told["id"], "Student", key),
        (told["id"], "admin", key),
        (other["id"], "student", key),
        (NOBODYS, "student", key),
        ("nonsense", "student", key),
    ):
        answer = join(server, meeting_id, role, wrong)
        assert (answer.status, answer.json) == (400, INVALID), (meeting_id, role)
    assert join(server, told["id"], "student", key).status == 202


def test_who_is_a_side_joins_it_by_their_account(server: RunningServer, admin: str):
    people = {}
    for role in ("teacher", "student"):
        hired = server.hire(admin, f"{role}.joins@campus.example", role, "Dr Ada")
        people[role] = server.sign_in(hired["email"], hired["password"])
    told = scheduled(server, people["teacher"], student_email="student.joins@campus.example")
    for role, token in people.items():
        path = f"/join/{told['id']}/{role}"
        assert server.call("GET", path, token=token).status == 202
        assert server.call("HEAD", path, token=token).status == 202
        wrong = server.call("GET", f"{path}?key=x", token=token)
        assert (wrong.status, wrong.json) == (400, INVALID)
        for other in {*people.values(), admin, None} - {token}:
            answer = server.call("GET", path, token=other)
            assert (answer.status, answer.json) == (400, INVALID)


def test_who_may_not_schedule_hears_of_no_account(server: RunningServer, admin: str):
    hired = server.hire(admin, "asks.around@campus.example", "student", "Ben")
    token = server.sign_in(hired["email"], hired["password"])
    repeat = {"times": 2}
    answers = {
        schedule(server, token, student_email=email).status
        for email in ("asks.around@campus.example", "no.such@campus.example")
    }
    assert answers == {403}
    for email in ("asks.around@campus.example", "no.such@campus.example"):
        body = {
            "teacherName": "Dr Ada",
            "studentName": "Ben",
            "meetTime": ahead(days=2),
            "repeat": repeat,
            "studentEmail": email,
        }
        assert server.call("POST", "/api/meetings/series", body, token=token).status == 403


@pytest.mark.parametrize(
    ("meet_time", "zone"),
    [
        ("0001-01-01T00:00:00Z", "Pacific/Kiritimati"),
        ("0001-01-01T00:00:00Z", "America/New_York"),
        ("9999-12-31T23:59:59Z", "Pacific/Kiritimati"),
    ],
)
def test_the_ends_of_the_calendar_are_no_time(
    server: RunningServer, admin: str, meet_time: str, zone: str
):
    assert schedule(server, admin, meet_time=meet_time, time_zone=zone).status == 400
    series = {
        "teacherName": "Ada",
        "studentName": "Ben",
        "meetTime": meet_time,
        "timeZone": zone,
        "repeat": {"times": 3},
    }
    assert server.call("POST", "/api/meetings/series", series, token=admin).status == 400
    mine = server.call("GET", "/api/accounts/me", token=admin).json["accountId"]
    path = f"/api/meetings/teachers/{mine}/bookings"
    answer = server.call("POST", path, {"startsAt": meet_time}, token=admin)
    assert answer.status in (400, 403, 404)


def test_looking_is_no_join(server: RunningServer, admin: str):
    told = scheduled(server, admin, meet_time=ahead(days=3))
    key = key_of(told["teacher_link"])
    before = show(server, told["id"], admin)
    assert join(server, told["id"], "teacher", key, method="HEAD").status == 202
    prefetch = {"Sec-Purpose": "prefetch;prerender"}
    assert join(server, told["id"], "teacher", key, headers=prefetch).status == 202
    path = f"/api/meetings/{told['id']}/lobby?role=teacher"
    lobby = server.call("GET", path, headers={"X-Join-Key": key})
    assert (lobby.status, lobby.json["stage"]) == (200, "scheduled")
    assert show(server, told["id"], admin) == before


def test_a_meeting_that_is_over_is_gone(server: RunningServer, admin: str):
    told = scheduled(server, admin)
    cancelled = server.call("POST", f"/api/meetings/{told['id']}/cancel", {}, token=admin)
    assert (cancelled.status, cancelled.json["status"]) == (200, "CANCELLED")
    answer = join(server, told["id"], "student", key_of(told["student_link"]))
    assert (answer.status, answer.json["message"]) == (410, "This meeting was cancelled.")
    again = server.call("POST", f"/api/meetings/{told['id']}/cancel", {}, token=admin)
    assert again.status == 410


def test_pages_of_other_origins_may_call_the_sources_paths(server: RunningServer):
    headers = {
        "Origin": "https://lessons.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, x-join-key",
    }
    for path in ("/schedule", "/join/x/teacher"):
        answer = server.call("OPTIONS", path, headers=headers)
        assert answer.status == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "X-Join-Key" in answer.headers["access-control-allow-headers"]
