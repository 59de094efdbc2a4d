"""Links over HTTP where the sides have accounts: whose they are, and what they do not open."""

from tests.http.meetings.meeting_calls import ahead, join, key_of, scheduled, show
from tests.http.meetings.test_meetings import teacher_and_student
from tests.running import RunningServer


def test_the_students_link_is_nobody_elses_who_is_signed_in(server: RunningServer, admin: str):
    teacher, student, email = teacher_and_student(server, admin, "whose")
    told = scheduled(server, teacher, student_email=email)
    path, key = f"/api/meetings/{told['id']}", key_of(told["student_link"])
    headers = {"X-Join-Key": key}
    for token in (teacher, admin):
        for method, call, body in (
            ("GET", "lobby?role=student", None),
            ("POST", "tickets", {"role": "student", "desktop": "student"}),
            ("POST", "control", {"role": "student", "action": "grant"}),
            ("POST", "recordings", {"role": "student", "action": "agree"}),
            ("POST", "room", {"role": "student"}),
        ):
            answer = server.call(method, f"{path}/{call}", body, token=token, headers=headers)
            assert answer.status == 403, (call, answer.body)
            assert "somebody else's account" in answer.json["message"]
        assert join(server, told["id"], "student", key, token=token).status == 403
    for token in (None, student):
        assert join(server, told["id"], "student", key, token=token).status == 202
        looked = server.call("GET", f"{path}/lobby?role=student", token=token, headers=headers)
        assert looked.json["present"]["student"] == {"desktop": False, "room": False, "own": 0}


def test_a_link_alone_does_not_agree(server: RunningServer, admin: str):
    teacher, student, email = teacher_and_student(server, admin, "agree")
    told = scheduled(server, teacher, student_email=email)
    path = f"/api/meetings/{told['id']}"
    headers = {"X-Join-Key": key_of(told["student_link"])}
    wishes = (
        ("control", {"role": "student", "action": "call"}),
        ("recordings", {"role": "student", "action": "ask", "desktop": "student"}),
    )
    for call, body in wishes:
        answer = server.call("POST", f"{path}/{call}", body, headers=headers)
        assert (answer.status, "sign in" in answer.json["message"]) == (403, True)
        answer = server.call("POST", f"{path}/{call}", body, token=student)
        assert answer.status in (200, 409), answer.body  # whose word it is, is settled


def test_the_link_of_a_disabled_account_opens_nothing(server: RunningServer, admin: str):
    hired = server.hire(admin, "off.teaches@campus.example", "teacher", "Dr Ada")
    told = scheduled(server, server.sign_in(hired["email"], hired["password"]))
    path, headers = f"/api/meetings/{told['id']}", {"X-Join-Key": key_of(told["teacher_link"])}
    switch = f"/api/accounts/people/{hired['accountId']}"
    assert server.call("PATCH", switch, {"active": False}, token=admin).status == 200
    for method, call, body in (
        ("GET", f"/join/{told['id']}/teacher", None),
        ("GET", f"{path}/lobby?role=teacher", None),
        ("PATCH", f"{path}?role=teacher", {"meetTime": ahead(days=4)}),
        ("POST", f"{path}/links?role=teacher", {}),
        ("POST", f"{path}/end?role=teacher", {}),
        ("POST", f"{path}/tickets", {"role": "teacher", "desktop": "teacher"}),
    ):
        answer = server.call(method, call, body, headers=headers)
        assert answer.status == 403, (call, answer.body)
        assert "closed or disabled" in answer.json["message"]
    assert server.call("PATCH", switch, {"active": True}, token=admin).status == 200
    assert join(server, told["id"], "teacher", headers["X-Join-Key"]).status == 202


def test_links_are_renewed_by_the_teachers_account_or_staff(server: RunningServer, admin: str):
    teacher, _, email = teacher_and_student(server, admin, "renew")
    told = scheduled(server, teacher, student_email=email)
    path = f"/api/meetings/{told['id']}"
    headers = {"X-Join-Key": key_of(told["teacher_link"])}
    assert server.call("POST", f"{path}/links?role=teacher", {}, headers=headers).status == 403
    mine = server.call("POST", f"{path}/links", {}, token=teacher).json
    assert (bool(mine["teacherLink"]), mine["studentLink"]) == (True, None)
    theirs = server.call("POST", f"{path}/links", {}, token=admin).json
    assert (theirs["teacherLink"], theirs["studentLink"]) == (None, None)


def test_what_is_nobodys_account_is_handed_on_by_who_made_it(server: RunningServer, admin: str):
    teacher, _, _ = teacher_and_student(server, admin, "hands")
    told = scheduled(server, teacher)
    assert show(server, told["id"], teacher)["studentLink"] == told["student_link"]
    assert show(server, told["id"], admin)["studentLink"] is None
    renewed = server.call("POST", f"/api/meetings/{told['id']}/links", {}, token=admin).json
    assert renewed["studentLink"] not in (None, told["student_link"])
