"""Meetings over HTTP: whose they are, and what their people do with them."""

from tests.http.meetings.meeting_calls import ahead, key_of, scheduled, show
from tests.running import RunningServer


def teacher_and_student(server: RunningServer, admin: str, name: str) -> tuple[str, str, str]:
    """Return tokens of a new teacher and a new student, and the student's address."""
    teacher = server.hire(admin, f"{name}.teaches@campus.example", "teacher", "Dr Ada")
    student = server.hire(admin, f"{name}.learns@campus.example", "student", "Ben")
    tokens = [server.sign_in(each["email"], each["password"]) for each in (teacher, student)]
    return tokens[0], tokens[1], student["email"]


def listed(server: RunningServer, token: str, query: str = "") -> list[str]:
    answer = server.call("GET", f"/api/meetings?{query}", token=token)
    assert answer.status == 200, answer.body
    return [meeting["id"] for meeting in answer.json["meetings"]]


def test_a_meeting_is_its_peoples(server: RunningServer, admin: str):
    teacher, student, email = teacher_and_student(server, admin, "own")
    told = scheduled(server, teacher, student_email=email)
    assert listed(server, teacher) == listed(server, student) == [told["id"]]
    mine, theirs = show(server, told["id"], student), show(server, told["id"], teacher)
    assert (mine["teacherLink"], mine["studentLink"]) == (None, told["student_link"])
    assert (theirs["teacherLink"], theirs["studentLink"]) == (told["teacher_link"], None)
    looked = show(server, told["id"], admin)
    assert (looked["teacherLink"], looked["studentLink"]) == (None, None)
    other, _, _ = teacher_and_student(server, admin, "stranger")
    assert listed(server, other) == []
    path = f"/api/meetings/{told['id']}"
    assert server.call("GET", path, token=other).status == 404
    assert server.call("GET", path).status == 401
    assert server.call("POST", f"{path}/cancel", {}, token=other).status == 404
    assert server.call("POST", f"{path}/cancel", {}, token=student).status == 403
    assert told["id"] in listed(server, admin, "all=true&limit=100")
    assert server.call("GET", "/api/meetings?all=true", token=teacher).status == 403


def test_an_address_without_an_account_is_refused_at_its_field(server: RunningServer, admin: str):
    body = {
        "teacher_name": "A",
        "student_name": "B",
        "meet_time": ahead(days=2),
        "frontend_base_url": f"{server.base}/meeting",
        "student_email": "nobody.here@campus.example",
    }
    answer = server.call("POST", "/schedule", body, token=admin)
    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == ["student_email"]


def test_moving_guards_against_lost_updates(server: RunningServer, admin: str):
    told = scheduled(server, admin)
    path = f"/api/meetings/{told['id']}"
    first = {"meetTime": "2027-05-03T10:00", "timeZone": "Europe/Berlin", "version": 1}
    moved = server.call("PATCH", path, first, token=admin)
    assert moved.status == 200, moved.body
    assert (moved.json["meetTime"], moved.json["version"]) == ("2027-05-03T08:00:00.000Z", 2)
    assert server.call("PATCH", path, first, token=admin).status == 409


def test_the_teachers_link_manages_and_the_students_does_not(server: RunningServer, admin: str):
    told = scheduled(server, admin)
    path = f"/api/meetings/{told['id']}"
    body = {"meetTime": ahead(days=4)}
    for role, status in (("student", 403), ("teacher", 200)):
        headers = {"X-Join-Key": key_of(told[f"{role}_link"])}
        answer = server.call("PATCH", f"{path}?role={role}", body, headers=headers)
        assert answer.status == status, answer.body
    assert answer.json["teacherLink"] is None  # a link shows no other


def test_what_has_no_people_yet_is_neither_ended_nor_extended(server: RunningServer, admin: str):
    told = scheduled(server, admin)
    path = f"/api/meetings/{told['id']}"
    assert server.call("POST", f"{path}/end", {}, token=admin).status == 409
    assert server.call("POST", f"{path}/extend", {"minutes": 15}, token=admin).status == 409


def test_new_links_end_the_earlier_ones(server: RunningServer, admin: str):
    told = scheduled(server, admin)
    renewed = server.call("POST", f"/api/meetings/{told['id']}/links", {}, token=admin)
    assert renewed.status == 200
    old, new = key_of(told["student_link"]), key_of(renewed.json["studentLink"])
    path = f"/api/meetings/{told['id']}/lobby?role=student"
    assert server.call("GET", path, headers={"X-Join-Key": old}).status == 410
    assert server.call("GET", path, headers={"X-Join-Key": new}).status == 200


def test_faults_are_named_by_the_fields_that_were_sent(server: RunningServer, admin: str):
    told = scheduled(server, admin)
    path = f"/api/meetings/{told['id']}"
    wrong = {"meetTime": "2027-03-28T02:30", "timeZone": "Europe/Berlin"}
    answer = server.call("PATCH", path, wrong, token=admin)
    assert (answer.status, [each["field"] for each in answer.json["errors"]]) == (400, ["meetTime"])
    series = {
        "teacherName": "Ada",
        "studentName": "x" * 101,
        "meetTime": "2027-03-28T02:30",
        "repeat": {"times": 2},
    }
    answer = server.call("POST", "/api/meetings/series", series, token=admin)
    assert [each["field"] for each in answer.json["errors"]] == ["studentName"]
    assert answer.json["errors"][0]["message"] == "Please use at most 100 characters."
