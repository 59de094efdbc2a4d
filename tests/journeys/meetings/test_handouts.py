"""Files that a teacher puts in before the meeting: sent with the call on one machine, to an address
of their own on AWS, and the page looks the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import PHONE, Visitor
from tests.running import Campus

FILE = {"name": "Exercise.txt", "mimeType": "text/plain", "buffer": b"What is 6 times 7?"}


@pytest.fixture(autouse=True)
def here() -> None:
    """These look at any installation."""


@pytest.fixture
def teacher(browser: Browser, server: Campus) -> Iterator[Visitor]:
    """Whoever has the teacher's link of a meeting in an hour, at its page."""
    hour = datetime.now(UTC) + timedelta(minutes=60)
    body = {
        "teacher_name": "Ms Byron",
        "student_name": "Ada",
        "meet_time": hour.isoformat(),
        "frontend_base_url": f"{server.base}/meeting",
    }
    scheduled = server.call("POST", "/schedule", body, token=server.sign_in())
    assert scheduled.status == 200, scheduled.body
    visitor = Visitor(browser, server, viewport=PHONE)
    visitor.open(scheduled.json["teacher_link"])
    yield visitor
    visitor.close()


@pytest.mark.smoke
def test_a_file_is_put_in_and_taken_back(teacher: Visitor):
    page = teacher.page
    page.locator("input[type=file]").set_input_files(FILE)
    row = page.locator(".handout")
    expect(row).to_contain_text("Exercise.txt")
    expect(row).to_contain_text("Waits for the desktops")
    teacher.check_accessibility()
    page.locator("input[type=file]").set_input_files({**FILE, "name": "exercise.TXT"})
    expect(page.get_by_role("alert")).to_contain_text("There is a file of that name already.")
    page.get_by_role("button", name="Remove Exercise.txt").click()
    expect(row).to_have_count(0)
