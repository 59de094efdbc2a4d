"""What bounds joining, and who is not hit by it; calendars as they are sent."""

from collections.abc import Iterator

import pytest

from tests.http.meetings.meeting_calls import key_of, scheduled
from tests.running import RunningServer


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("limits")
    server = RunningServer(folder, QUADRANGLE_RATE_LIMITS="on").start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def staff(bounded: RunningServer) -> str:
    return bounded.sign_in()


def test_bad_keys_do_not_lock_out_who_has_a_good_one(bounded: RunningServer, staff: str):
    server, made = bounded, scheduled(bounded, staff)
    bad = [server.call("GET", f"/join/{made['id']}/student?key=x{n}").status for n in range(70)]
    assert set(bad) == {400, 429}
    key = key_of(made["student_link"])
    waiting = [server.call("GET", f"/join/{made['id']}/student?key={key}") for _ in range(30)]
    assert {each.status for each in waiting} == {202}


def test_each_side_of_each_meeting_waits_by_itself(bounded: RunningServer, staff: str):
    server, one, other = bounded, scheduled(bounded, staff), scheduled(bounded, staff)
    key = key_of(one["student_link"])
    asked = [server.call("GET", f"/join/{one['id']}/student?key={key}") for _ in range(140)]
    refused = [each for each in asked if each.status == 429]
    assert refused
    assert int(refused[0].headers["retry-after"]) > 0
    key = key_of(one["teacher_link"])
    assert server.call("GET", f"/join/{one['id']}/teacher?key={key}").status == 202
    key = key_of(other["student_link"])
    assert server.call("GET", f"/join/{other['id']}/student?key={key}").status == 202


def test_a_calendar_is_sent_once_as_long_as_it_stays(server: RunningServer, admin: str):
    made = scheduled(server, admin)
    file = server.call("GET", f"/api/meetings/{made['id']}/invitation.ics", token=admin)
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    address = server.call("POST", "/api/meetings/feed", {}, token=admin).json["address"]
    path = address[address.index("/api/") :]
    first = server.call("GET", path)
    assert (first.status, first.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    again = server.call("GET", path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
