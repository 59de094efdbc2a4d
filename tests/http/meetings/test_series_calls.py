"""Series over HTTP: whole or not at all, and what is left of one is cancelled at once."""

from tests.http.meetings.meeting_calls import show
from tests.running import RunningServer

SERIES = {
    "teacherName": "Dr Ada",
    "studentName": "Ben",
    "meetTime": "2027-03-15T09:00",
    "timeZone": "Europe/Berlin",
    "repeat": {"until": "2027-04-05"},
}


def hired(server: RunningServer, admin: str, name: str) -> str:
    account = server.hire(admin, f"{name}.series@campus.example", "teacher", "Dr Ada")
    return server.sign_in(account["email"], account["password"])


def test_a_series_is_scheduled_moved_and_cancelled(server: RunningServer, admin: str):
    teacher = hired(server, admin, "whole")
    answer = server.call("POST", "/api/meetings/series", SERIES, token=teacher)
    assert answer.status == 201, answer.body
    made = answer.json["meetings"]
    assert [each["localTime"][:10] for each in made] == [
        *("2027-03-15", "2027-03-22", "2027-03-29", "2027-04-05")
    ]
    assert len({each["seriesId"] for each in made}) == 1
    assert all(each["teacherLink"] for each in made)
    moved = {"meetTime": "2027-03-23T11:00", "timeZone": "Europe/Berlin"}
    path = f"/api/meetings/{made[1]['id']}"
    assert server.call("PATCH", path, moved, token=teacher).status == 200
    rest = server.call("POST", f"{path}/cancel-following", {}, token=teacher)
    assert rest.status == 200, rest.body
    assert [each["id"] for each in rest.json["meetings"]] == [each["id"] for each in made[1:]]
    assert {each["status"] for each in rest.json["meetings"]} == {"CANCELLED"}
    assert show(server, made[0]["id"], teacher)["status"] == "SCHEDULED"


def test_a_series_that_clashes_tells_which_of_its_meetings(server: RunningServer, admin: str):
    teacher = hired(server, admin, "clash")
    once = {**SERIES, "repeat": {"times": 1}}
    assert server.call("POST", "/api/meetings/series", once, token=teacher).status == 201
    answer = server.call("POST", "/api/meetings/series", SERIES, token=teacher)
    assert answer.status == 409
    assert answer.json["occurrences"] == [{"number": 1, "localTime": "2027-03-15T09:00:00"}]
    assert "None was scheduled." in answer.json["message"]


def test_a_series_of_people_without_accounts_is_cancelled_too(server: RunningServer, admin: str):
    made = server.call("POST", "/api/meetings/series", SERIES, token=admin).json["meetings"]
    path = f"/api/meetings/{made[2]['id']}/cancel-following"
    rest = server.call("POST", path, {}, token=admin).json["meetings"]
    assert [each["id"] for each in rest] == [each["id"] for each in made[2:]]


def test_what_cannot_be_repeated_is_said_at_its_field(server: RunningServer, admin: str):
    wrong = (({"times": 31}, "repeat.times"), ({"until": "2020-01-01"}, "repeat.until"))
    for repeat, field in wrong:
        body = {**SERIES, "repeat": repeat}
        answer = server.call("POST", "/api/meetings/series", body, token=admin)
        assert answer.status == 400
        assert [error["field"] for error in answer.json["errors"]] == [field]
