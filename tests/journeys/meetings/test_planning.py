"""A teacher's week, series, and the address for calendars."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.meetings.booking_steps import make_member

__all__ = ["make_member"]

pytestmark = pytest.mark.deep


def test_a_week_shows_meetings_among_the_hours_that_are_offered(make_member):
    for options in ({"viewport": DESKTOP}, {"viewport": PHONE}):
        teacher = make_member("teacher", "Dr Ada", **options, timezone_id="Europe/Berlin")
        teacher.publish()
        monday = date.today() + timedelta(days=7 - date.today().weekday())
        teacher.call(
            "POST",
            "/schedule",
            {
                "teacher_name": "Dr Ada",
                "student_name": "Ben",
                "meet_time": f"{monday}T10:00",
                "time_zone": "Europe/Berlin",
                "frontend_base_url": f"{teacher.campus.base}/meeting",
            },
        )
        page = teacher.visitor.open("/week")
        page.get_by_role("link", name="Next week").click()
        expect(page).to_have_url(re.compile(f"from={monday}"))
        expect(page.locator(".event")).to_have_count(1)
        expect(page.locator(".event")).to_contain_text("10:00")
        expect(page.locator(".offered")).to_have_count(7)
        teacher.visitor.check_accessibility()
        page.locator(".event a").click()
        expect(page.get_by_role("heading", name="Meeting with Ben")).to_be_visible()


def test_meetings_that_overlap_stand_beside_each_other(make_member):
    staff = make_member("staff", "Bo", viewport=DESKTOP, timezone_id="Europe/Berlin")
    page = staff.visitor.open("/week")
    lanes = page.evaluate(
        """async () => {
          const { inLanes } = await import("/js/meetings/week/lanes.js");
          const day = [[9, 10], [9, 11], [10, 11], [9.5, 12], [12, 13]];
          const things = day.map(([from, to]) => ({ from, to }));
          return inLanes(things).map((one) => [one.lane, one.lanes]);
        }"""
    )
    assert lanes == [[0, 3], [1, 3], [2, 3], [0, 3], [0, 1]]
    expect(page.get_by_role("heading", name="My week")).to_be_visible()
    staff.visitor.check_accessibility()


def test_a_series_is_scheduled_and_the_rest_of_it_cancelled(make_member):
    teacher = make_member("teacher", "Dr Mae", viewport=DESKTOP, timezone_id="Europe/Berlin")
    page = teacher.visitor.open("/new-meeting")
    page.get_by_label("Student", exact=True).fill("Ben")
    first = date.today() + timedelta(days=3)
    page.get_by_label("Day").fill(str(first))
    page.get_by_label("Begins at").fill("10:00")
    page.get_by_label("Repeat").select_option("Every week")
    page.get_by_role("button", name="Schedule the meeting").click()
    expect(page.get_by_role("alert")).to_contain_text("Please give a date")
    page.get_by_label("Until").fill(str(first + timedelta(days=21)))
    teacher.visitor.check_accessibility()
    page.get_by_role("button", name="Schedule the meeting").click()
    expect(page.get_by_role("heading", name="4 meetings are scheduled")).to_be_visible()
    teacher.visitor.check_accessibility()

    page = teacher.visitor.open("/new-meeting")  # the same again clashes with them
    page.get_by_label("Student", exact=True).fill("Ben")
    page.get_by_label("Day").fill(str(first + timedelta(days=14)))
    page.get_by_label("Begins at").fill("10:30")
    page.get_by_label("Repeat").select_option("Every week")
    page.get_by_label("Until").fill(str(first + timedelta(days=28)))
    page.get_by_role("button", name="Schedule the meeting").click()
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(3)

    page = teacher.visitor.open("/meet")
    page.get_by_role("link", name=re.compile("^Change")).nth(1).click()
    page.get_by_role("button", name="Cancel this and all later ones").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel this").click()
    expect(page.locator(".toast")).to_contain_text("3 meetings were cancelled.")
    teacher.visitor.open("/meet")
    expect(page.locator(".meeting-row")).to_have_count(1)


def test_a_calendar_address_is_made_renewed_and_ended(make_member):
    student = make_member("student", "Ben", viewport=PHONE)
    page = student.visitor.open("/calendar-feed")
    page.get_by_role("button", name="Make an address").click()
    address = page.locator(".secret").inner_text()
    assert student.campus.call("GET", address.removeprefix(student.campus.base)).status == 200
    student.visitor.check_accessibility()
    page.reload()
    expect(page.get_by_text("You have had an address since")).to_be_visible()
    page.get_by_role("button", name="Make a new address").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Make a new address").click()
    expect(page.locator(".secret")).to_be_visible()
    assert page.locator(".secret").inner_text() != address
    assert student.campus.call("GET", address.removeprefix(student.campus.base)).status == 404
    page.get_by_role("button", name="End the address").click()
    page.get_by_role("alertdialog").get_by_role("button", name="End the address").click()
    expect(page.get_by_text("You have no calendar address yet.")).to_be_visible()
    student.visitor.check_accessibility()
