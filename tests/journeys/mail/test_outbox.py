"""The outbox on a phone: the list or one mail, and the way back."""

import re

import pytest
from playwright.sync_api import expect

from quadrangle.kernel.ids import new_id
from tests.journeys.conftest import PHONE
from tests.running import ADMIN_EMAIL, VISITED, wait_for


def is_written(server, subject: str) -> bool:
    token = server.sign_in()
    mails = server.call("GET", "/api/mail/outbox?limit=100", token=token).json["mails"]
    return any(mail["subject"].startswith(subject) for mail in mails)


@pytest.fixture
def outbox(make_visitor):
    """Somebody at the list, and the row of a mail there."""
    visitor = make_visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    visitor.sign_in()
    place = f"Hall {new_id()[:8]}"
    subject = f"We have your report: Network at {place}"
    visitor.server.report(location=place, email="ada@campus.example")
    wait_for(lambda: is_written(visitor.server, subject), "the mail", 60)
    page = visitor.open("/outbox")
    row = page.get_by_role("link").filter(has_text=subject)
    expect(row).to_be_visible()
    return visitor, row


@pytest.mark.smoke
def test_the_number_of_a_report_is_seen_at_the_end_of_a_long_subject(outbox):
    visitor, row = outbox
    subject = row.locator("b")
    expect(subject).to_have_text(re.compile(r"\[[0-9a-f]{8}\]$"))
    cut = subject.evaluate("element => element.scrollWidth > element.clientWidth")
    assert not cut
    visitor.check_accessibility()


def test_a_mail_takes_the_place_of_the_list_and_gives_it_back(outbox):
    visitor, row = outbox
    page = visitor.page
    subject = row.locator("b").inner_text()
    row.click()
    expect(page.get_by_role("heading", name=subject)).to_be_focused()
    expect(row).to_be_hidden()
    visitor.check_accessibility()
    page.get_by_role("button", name="Back to list").click()
    expect(row).to_be_focused()
    expect(page).to_have_url(re.compile(r"/outbox$"))


def test_an_open_mail_is_in_the_address(outbox):
    visitor, row = outbox
    page = visitor.page
    subject = row.locator("b").inner_text()
    row.click()
    heading = page.get_by_role("heading", name=subject)
    expect(heading).to_be_visible()
    page.reload()
    expect(heading).to_be_visible()
    page.get_by_role("button", name="Back to list").click()
    expect(row).to_be_focused()
    expect(row).not_to_have_attribute("aria-current", "true")
    page.go_forward()
    expect(heading).to_be_visible()


def test_a_mail_that_is_not_there_is_said_to_be_missing(outbox):
    visitor, row = outbox
    page = visitor.open("/outbox?mail=none")
    expect(page.get_by_role("alert")).to_contain_text("There is no mail with this number")
    page.get_by_role("button", name="Back to list").click()
    expect(row).to_be_visible()


def test_an_administrator_sees_how_mails_leave(make_visitor):
    visitor = make_visitor()
    visitor.sign_in()
    page = visitor.open("/outbox")
    page.get_by_role("tab", name="Set-up").click()
    expect(page).to_have_url(re.compile(r"tab=set-up$"))
    panel = page.get_by_role("tabpanel", name="Set-up")
    expect(panel.get_by_text("Links lead to")).to_be_visible()
    alerts = panel.get_by_text("Mails about new reports go to").locator("..")
    expect(alerts).to_contain_text(ADMIN_EMAIL)
    expect(alerts).to_contain_text("AdminEmail" if VISITED else "QUADRANGLE_ADMIN_EMAIL")
    where = "parameters of the deployment" if VISITED else "variables of the server’s environment"
    expect(panel).to_contain_text(where)
    visitor.check_accessibility()
    page.reload()
    expect(panel.get_by_text("Sender", exact=True)).to_be_visible()
