"""Reports follow their account from device to device; what was sent before can be added."""

import re

import pytest
from playwright.sync_api import Page, expect

from quadrangle.kernel.ids import new_id
from tests.journeys.conftest import DESKTOP
from tests.journeys.issues.test_report_and_follow import UUID, fill_report


def send(page: Page, description: str) -> str:
    """Send the report whose questions are answered; return its id."""
    page.goto("/report")
    fill_report(page, description)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Your report is sent")).to_be_visible()
    found = UUID.search(page.get_by_role("main").inner_text())
    assert found
    return found.group()


def card(page: Page):
    return page.get_by_role("region", name="My reports")


def row(page: Page, issue_id: str):
    return card(page).locator(f'[data-id="{issue_id}"]')


@pytest.mark.smoke
def test_reports_follow_their_account_and_earlier_ones_are_added(student, make_visitor, server):
    email = f"ada-{new_id()[:8]}@campus.example"
    admin = server.sign_in()
    hired = server.hire(admin, email, "student", "Ada")

    page = student.page
    before = send(page, "The projector hums.")
    page.goto("/")
    expect(page.get_by_role("heading", name="My reports on this device")).to_be_visible()
    expect(row(page, before)).to_be_visible()

    student.sign_in(email, hired["password"])
    signed_in = send(page, "The door does not close.")
    page.goto("/")
    expect(page.get_by_role("heading", name="My reports", exact=True)).to_be_visible()
    expect(row(page, signed_in)).to_be_visible()
    expect(page.get_by_role("heading", name="Only on this device")).to_be_visible()
    student.check_accessibility()
    page.get_by_role("button", name="Add to my account").click()
    expect(card(page).get_by_text("1 report is part of your account now.")).to_be_visible()
    expect(page.get_by_role("heading", name="Only on this device")).to_be_hidden()
    expect(row(page, before)).to_be_visible()
    student.check_accessibility()

    elsewhere = make_visitor(viewport=DESKTOP)
    elsewhere.sign_in(email, hired["password"])
    there = elsewhere.open("/")
    for issue_id in (before, signed_in):
        expect(row(there, issue_id)).to_be_visible()
    elsewhere.check_accessibility()

    caretaker = make_visitor(viewport=DESKTOP)
    caretaker.sign_in()
    desk = caretaker.open(f"/desk?issue={before}")
    reporter = desk.get_by_role("region", name="Reporter")
    expect(reporter.get_by_role("link", name="Ada")).to_have_attribute(
        "href", f"/people?person={hired['accountId']}"
    )
    caretaker.check_accessibility()


def test_what_somebody_else_sent_stays_as_it_is(student, server):
    email = f"ada-{new_id()[:8]}@campus.example"
    hired = server.hire(server.sign_in(), email, "student", "Ada")
    shown = server.report(email="somebody@campus.example")
    page = student.open(f"/track?id={shown}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Network")
    student.sign_in(email, hired["password"])
    page.goto("/")
    page.get_by_role("button", name="Add to my account").click()
    expect(card(page).get_by_text(re.compile("1 report stays as before"))).to_be_visible()
    expect(row(page, shown)).to_be_visible()
    expect(page.get_by_role("button", name="Add to my account")).to_be_hidden()


def test_what_one_account_may_not_have_the_next_one_may(student, server):
    admin = server.sign_in()
    emails = [f"{name}-{new_id()[:8]}@campus.example" for name in ("ada", "ben")]
    people = [(email, server.hire(admin, email, "student", "A")["password"]) for email in emails]
    shown = server.report(email=emails[1])
    page = student.open(f"/track?id={shown}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Network")
    student.sign_in(*people[0])
    page.goto("/")
    page.get_by_role("button", name="Add to my account").click()
    expect(card(page).get_by_text(re.compile("1 report stays as before"))).to_be_visible()
    expect(page.get_by_role("button", name="Add to my account")).to_be_hidden()
    student.context.clear_cookies()
    student.sign_in(*people[1])
    page.goto("/")
    page.get_by_role("button", name="Add to my account").click()
    expect(card(page).get_by_text("1 report is part of your account now.")).to_be_visible()


def test_the_next_one_at_a_device_does_not_see_what_was_sent_signed_in(student, server):
    email = f"ada-{new_id()[:8]}@campus.example"
    hired = server.hire(server.sign_in(), email, "student", "Ada")
    student.sign_in(email, hired["password"])
    page = student.page
    sent = send(page, "The door does not close.")
    page.get_by_role("link", name="Follow this report").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Network")
    page.goto("/")
    expect(row(page, sent)).to_be_visible()
    student.context.clear_cookies()
    page.goto("/")
    expect(page.get_by_role("heading", name="My reports on this device")).to_be_visible()
    expect(row(page, sent)).to_be_hidden()
