"""Staff looks at what runs, and ends what is stuck."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.meetings.booking_steps import make_member

__all__ = ["make_member"]


@pytest.mark.smoke
def test_staff_sees_how_it_stands(caretaker: Visitor):
    page = caretaker.open("/meeting-operation")
    expect(page.get_by_role("heading", name="Desktops", exact=True)).to_be_visible()
    expect(page.get_by_text("Desktops running")).to_be_visible()
    caretaker.check_accessibility()


@pytest.mark.deep
def test_staff_ends_a_meeting_with_a_reason(make_member):
    staff = make_member("staff", "Bo", viewport=PHONE)
    now = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    body = {
        "teacher_name": "Dr Ada",
        "student_name": "Zed",
        "meet_time": now,
        "frontend_base_url": f"{staff.campus.base}/meeting",
    }
    staff.call("POST", "/schedule", body)
    page = staff.visitor.open("/meet")
    page.get_by_role("link", name="Desktops").click()
    use = page.locator(".use", has_text="Dr Ada with Zed")
    expect(use).to_be_visible()
    staff.visitor.check_accessibility()
    use.get_by_text("Retry or end").click()
    staff.visitor.check_accessibility()
    use.get_by_role("button", name="Look again").click()
    expect(page.locator(".toast")).to_contain_text("The meeting is being looked at.")
    use.get_by_role("button", name="End it").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="End the meeting").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    staff.visitor.check_accessibility()
    dialog.get_by_label("Reason").fill("The room burns.")
    dialog.get_by_role("button", name="End the meeting").click()
    expect(page.locator(".toast")).to_contain_text("The meeting is over.")
    page.reload()
    past = page.locator(".past-use", has_text="Zed")
    expect(past).to_contain_text("Staff ended the meeting. The room burns.")
    staff.visitor.check_accessibility()


@pytest.mark.deep
def test_it_is_for_staff(make_member):
    student = make_member("student", "Ben", viewport=DESKTOP)
    student.visitor.page.goto("/meeting-operation")
    expect(student.page).to_have_url(re.compile("/sign-in"))
