"""A teacher offers hours, a student takes one, and both see it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.meetings.booking_steps import first_slot, make_member

__all__ = ["make_member"]

ON_A_PHONE = {"viewport": PHONE, "has_touch": True, "is_mobile": True}


@pytest.mark.smoke
def test_hours_are_offered_taken_and_seen_by_both(make_member):
    teacher = make_member("teacher", "Dr Ada", **ON_A_PHONE)
    student = make_member("student", "Ben", **ON_A_PHONE, timezone_id="America/New_York")
    page = teacher.visitor.open("/hours")
    for day in ("Monday", "Thursday"):
        page.get_by_role("checkbox", name=day).check()
    expect(page.locator(".preview")).to_contain_text("in the next two weeks")
    teacher.visitor.check_accessibility()
    page.get_by_role("button", name="Offer these hours").click()
    expect(page.get_by_text("Offered", exact=True)).to_be_visible()

    page = student.visitor.open("/")
    page.get_by_role("region", name="Meet").get_by_role("link", name="Book an hour").click()
    expect(page).to_have_url(student.campus.base + "/book")
    teacher_link = page.locator(f"[data-id='{teacher.account_id}'] a")
    expect(teacher_link).to_contain_text("Next open hour")
    student.visitor.check_accessibility()
    teacher_link.click()
    first_slot(page)
    student.visitor.check_accessibility()
    first_slot(page).click()
    expect(page.get_by_text("For Dr Ada")).to_be_visible()  # whose clocks are other ones
    student.visitor.check_accessibility()
    page.get_by_role("button", name="Book this hour").click()
    expect(page.get_by_role("heading", name="The hour is yours")).to_be_visible()
    student.visitor.check_accessibility()
    page.get_by_role("link", name="Move or cancel").click()
    expect(page).to_have_url(re.compile(re.escape("/change-meeting") + r"\?id="))
    expect(page.get_by_role("button", name="Cancel the meeting")).to_be_visible()

    for member, other in ((student, "Dr Ada"), (teacher, "Ben")):
        home = member.visitor.open("/").get_by_role("region", name="Meet")
        expect(home).to_contain_text(f"With {other}")
        listed = member.visitor.open("/meet")
        expect(listed.get_by_text("Dr Ada with Ben")).to_be_visible()
    expect(teacher.visitor.open("/week").get_by_role("heading", name="My week")).to_be_visible()
    feed = student.visitor.open("/calendar-feed")
    expect(feed.get_by_role("button", name="Make an address")).to_be_visible()


@pytest.mark.deep
def test_an_hour_that_somebody_else_took_is_said_with_fresh_ones(make_member):
    teacher = make_member("teacher", "Dr Emmy", viewport=DESKTOP)
    teacher.publish()
    ben, cy = (make_member("student", name, viewport=DESKTOP) for name in ("Ben", "Cy"))
    page = ben.visitor.open(f"/book?teacher={teacher.account_id}")
    first_slot(page).click()
    expect(page.get_by_role("button", name="Book this hour")).to_be_visible()
    starts_at = re.search(r"at=([^&]+)", page.url).group(1).replace("%3A", ":")
    bookings = f"/api/meetings/teachers/{teacher.account_id}/bookings"
    cy.call("POST", bookings, {"startsAt": starts_at})
    page.get_by_role("button", name="Book this hour").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has just taken this hour.")
    expect(page.locator(f".slot[href*='{starts_at.replace(':', '%3A')}']")).to_have_count(0)
    first_slot(page)
    ben.visitor.check_accessibility()


@pytest.mark.deep
def test_a_student_moves_and_cancels_within_the_rules(make_member):
    teacher = make_member("teacher", "Dr Mae", viewport=DESKTOP)
    teacher.publish()
    student = make_member("student", "Ben", **ON_A_PHONE)
    page = student.visitor.open(f"/book?teacher={teacher.account_id}")
    first_slot(page).click()
    page.get_by_role("button", name="Book this hour").click()
    page.get_by_role("link", name="Move or cancel").click()
    page.get_by_role("link", name="Choose another hour").click()
    expect(page.get_by_role("heading", name="Another hour with Dr Mae")).to_be_visible()
    first_slot(page).click()
    page.get_by_role("button", name="Move to this hour").click()
    expect(page.get_by_role("heading", name="The meeting has moved")).to_be_visible()
    page.get_by_role("link", name="Move or cancel").click()
    expect(page.get_by_role("button", name="Cancel the meeting")).to_be_visible()
    student.visitor.check_accessibility()
    page.get_by_role("button", name="Cancel the meeting").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel the meeting").click()
    expect(page.get_by_text("This meeting can no longer be changed.")).to_be_visible()


@pytest.mark.deep
def test_what_is_too_late_is_refused_with_the_rule(make_member):
    teacher = make_member("teacher", "Dr Rosa", viewport=DESKTOP)
    month = 30 * 24 * 60
    rules = {"bookingNotice": 0, "movingNotice": month, "cancellingNotice": month}
    teacher.publish(rules=rules)
    student = make_member("student", "Ben", viewport=DESKTOP)
    page = student.visitor.open(f"/book?teacher={teacher.account_id}")
    first_slot(page).click()
    page.get_by_role("button", name="Book this hour").click()
    page.get_by_role("link", name="Move or cancel").click()
    expect(page.get_by_text("It can be called off up to 30 days before it begins.")).to_be_visible()
    expect(page.get_by_text("It can be moved up to 30 days before it begins.")).to_be_visible()
    # what would be refused is not offered
    expect(page.get_by_role("button", name="Cancel the meeting")).to_have_count(0)
    student.visitor.check_accessibility()


@pytest.mark.deep
def test_hours_that_cannot_be_are_said_beside_their_fields(make_member):
    teacher = make_member("teacher", "Dr Noor", viewport=DESKTOP)
    page = teacher.visitor.open("/hours")
    page.get_by_role("button", name="Offer these hours").click()
    expect(page.get_by_role("alert")).to_contain_text("Please give some free time.")
    teacher.visitor.check_accessibility()
    page.get_by_role("checkbox", name="Tuesday").check()
    day = page.get_by_role("group", name="Tuesday")
    day.get_by_label("From").fill("14:00")
    day.get_by_label("To").fill("14:20")
    page.get_by_role("button", name="Offer these hours").click()
    expect(page.get_by_role("alert")).to_contain_text("too short for one of your hours")
    page.reload()  # nothing typed is lost
    expect(day.get_by_label("To")).to_have_value("14:20")
    day.get_by_label("To").fill("16:00")
    page.get_by_role("button", name="Offer these hours").click()
    expect(page.get_by_text("Offered", exact=True)).to_be_visible()
    page.get_by_role("button", name="Offer no hours any more").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Offer no hours any more").click()
    expect(page.get_by_text("Not offered", exact=True)).to_be_visible()
    teacher.visitor.check_accessibility()


@pytest.mark.deep
def test_a_teacher_moves_and_cancels(make_member):
    teacher = make_member("teacher", "Dr Ida", viewport=DESKTOP)
    teacher.publish()
    student = make_member("student", "Ben", viewport=DESKTOP)
    page = student.visitor.open(f"/book?teacher={teacher.account_id}")
    first_slot(page).click()
    page.get_by_role("button", name="Book this hour").click()
    expect(page.get_by_role("heading", name="The hour is yours")).to_be_visible()
    page = teacher.visitor.open("/meet")
    page.get_by_role("link", name=re.compile("^Change")).click()
    page.get_by_label("Begins at").fill("19:00")
    teacher.visitor.check_accessibility()
    page.get_by_role("button", name="Move the meeting").click()
    expect(page.locator(".toast")).to_contain_text("The meeting has moved.")
    page.get_by_role("button", name="Cancel the meeting").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel the meeting").click()
    expect(page.get_by_text("This meeting can no longer be changed.")).to_be_visible()


@pytest.mark.deep
def test_whoever_is_not_signed_in_is_led_there(student):
    for path in ("/book", "/hours", "/change-meeting?id=x"):
        page = student.open(path)
        link = page.locator("main").get_by_role("link", name="Sign in")
        expect(link).to_be_visible()
        student.check_accessibility()
