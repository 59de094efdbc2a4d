"""Meetings through gateway, functions, stream, queues and schedules, without desktops."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.deployed.issues.test_issues import mails_to
from tests.deployed.stack import PREFIX, Stack
from tests.running import VISITED, Campus, wait_for

PAGE = f"{VISITED}/meeting"


def at(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


def schedule(campus: Campus, token: str, minutes: float, **fields: Any) -> dict[str, Any]:
    body = {
        "teacher_name": "Ms Byron",
        "student_name": "Ada",
        "meet_time": at(minutes),
        "frontend_base_url": PAGE,
        **fields,
    }
    answer = campus.call("POST", "/prod/schedule", body, token=token)
    assert answer.status == 200, answer.body
    assert answer.json["message"] == "Session scheduled!"
    return answer.json


def schedules(stack: Stack, meeting_id: str) -> dict[str, datetime]:
    """Return the schedules of a meeting by name, with their times."""
    scheduler = stack.standin.client("scheduler")
    found = {}
    for each in scheduler.list_schedules(GroupName=f"{PREFIX}jobs")["Schedules"]:
        if meeting_id in each["Name"]:
            try:
                one = scheduler.get_schedule(Name=each["Name"], GroupName=f"{PREFIX}jobs")
            except scheduler.exceptions.ResourceNotFoundException:
                continue  # it was taken back meanwhile
            text = one["ScheduleExpression"].removeprefix("at(").removesuffix(")")
            found[each["Name"]] = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return found


def names(stack: Stack, meeting_id: str) -> set[str]:
    return {name.replace(f"-{meeting_id}", "") for name in schedules(stack, meeting_id)}


def key_of(link: str) -> str:
    return link.partition("key=")[2].partition("&")[0]


def join(campus: Campus, meeting: dict[str, Any], role: str) -> Any:
    path = f"/join/{meeting['id']}/{role}?key={key_of(meeting[f'{role}_link'])}"
    return campus.call("GET", path)


def test_the_pages_are_told_that_there_are_meetings(campus: Campus):
    assert "meetings" in campus.call("GET", "/api/config").json["services"]


def test_a_meeting_has_its_schedules_and_they_follow_it(campus: Campus, stack: Stack, staff: str):
    meeting = schedule(campus, staff, 3 * 24 * 60)
    wanted = {"launch", "safety-net", "reminder-1440", "reminder-60"}
    # names are launch-{id}, safety-net-{id}, reminder-{id}-{minutes}
    wait_for(lambda: names(stack, meeting["id"]) == wanted, "the schedules")
    before = schedules(stack, meeting["id"])
    launch, net = (before[f"{name}-{meeting['id']}"] for name in ("launch", "safety-net"))
    assert net - launch == timedelta(minutes=25)

    shown = campus.call("GET", f"/api/meetings/{meeting['id']}", token=staff).json
    move = {"meetTime": at(4 * 24 * 60), "version": shown["version"]}
    moved = campus.call("PATCH", f"/api/meetings/{meeting['id']}", move, token=staff)
    assert moved.status == 200, moved.body
    wait_for(
        lambda: schedules(stack, meeting["id"]).get(f"launch-{meeting['id']}", launch) > launch,
        "the later launch",
    )
    cancelled = campus.call("POST", f"/api/meetings/{meeting['id']}/cancel", {}, token=staff)
    assert cancelled.status == 200, cancelled.body
    wait_for(lambda: not names(stack, meeting["id"]), "the schedules to be taken back")
    assert join(campus, meeting, "student").status == 410


def test_both_sides_wait_where_there_are_no_desktops_and_the_key_opens_one_side(
    campus: Campus, staff: str
):
    meeting = schedule(campus, staff, 60)
    waiting = join(campus, meeting, "student")
    assert (waiting.status, waiting.json["status"]) == (202, "SCHEDULED")
    wrong = f"/join/{meeting['id']}/teacher?key={key_of(meeting['student_link'])}"
    assert campus.call("GET", wrong).status in (400, 403)
    assert campus.call("GET", f"/join/{meeting['id']}/cook").status == 400
    assert campus.call("GET", f"/join/{uuid4()}/teacher").status in (400, 404)


def test_a_teacher_finds_what_was_scheduled(campus: Campus, staff: str):
    hour = at(2 * 24 * 60)
    asked = {"teacher_email": "admin@campus.example", "meet_time": hour}
    first = schedule(campus, staff, 0, **asked)
    listed = campus.call("GET", "/api/meetings?limit=100", token=staff).json
    assert first["id"] in [each["id"] for each in listed["meetings"]]


def test_who_is_invited_gets_a_calendar_mail(campus: Campus, stack: Stack, staff: str):
    before = len(mails_to(stack, "admin@campus.example"))
    meeting = schedule(campus, staff, 5 * 24 * 60, teacher_email="admin@campus.example")

    def invited() -> Any:
        new = mails_to(stack, "admin@campus.example")[before:]
        return [mail for mail in new if meeting["id"] in str(mail)]

    assert wait_for(invited, "the invitation")


@pytest.mark.parametrize("path", ["/schedule", "/join/x/teacher"])
def test_pages_elsewhere_may_call_what_the_source_system_has(campus: Campus, path: str):
    answer = campus.call("OPTIONS", path)
    assert answer.status in (200, 204)
