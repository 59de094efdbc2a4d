"""Hours that teachers offer, over HTTP."""

import pytest

from tests.http.meetings.meeting_calls import ahead
from tests.running import RunningServer

HOURS = {
    "timeZone": "Europe/Berlin",
    "minutes": 60,
    "weekly": [{"weekday": day, "begins": "00:00", "ends": "24:00"} for day in range(7)],
}


@pytest.mark.parametrize("minutes", [10**15, 10**25])
def test_an_hour_of_no_possible_length_is_refused_at_its_field(
    server: RunningServer, admin: str, minutes: int
):
    span = {"first": "2027-03-01T00:00:00Z", "last": "2027-03-08T00:00:00Z"}
    query = "&".join(f"{name}={value}" for name, value in span.items())
    for method, path in (
        ("PUT", "/api/meetings/hours"),
        ("POST", f"/api/meetings/hours/preview?{query}"),
    ):
        answer = server.call(method, path, HOURS | {"minutes": minutes}, token=admin)
        assert answer.status == 400, answer.body


def test_who_teaches_no_more_is_not_offered(server: RunningServer, admin: str):
    hired = server.hire(admin, "was.teaching@campus.example", "teacher", "Dr Was")
    teacher = server.sign_in(hired["email"], hired["password"])
    published = server.call("PUT", "/api/meetings/hours", HOURS, token=teacher)
    assert published.status == 200, published.body
    teacher_id = published.json["teacherId"]
    first, last = (ahead(days=days).replace("+00:00", "Z") for days in (3, 4))
    slots = f"/api/meetings/teachers/{teacher_id}/slots?first={first}&last={last}"
    starts_at = server.call("GET", slots, token=admin).json["slots"][0]["startsAt"]

    person = f"/api/accounts/people/{teacher_id}"
    changed = server.call("PATCH", person, {"role": "student"}, token=admin)
    assert changed.status == 200, changed.body
    listed = server.call("GET", "/api/meetings/teachers", token=admin)
    assert teacher_id not in [each["teacherId"] for each in listed.json["teachers"]]
    assert server.call("GET", slots, token=admin).status == 404
    bookings = f"/api/meetings/teachers/{teacher_id}/bookings"
    taken = server.call("POST", bookings, {"startsAt": starts_at}, token=admin)
    assert taken.status == 404
