"""Pages announce a mail only where mails leave: else they say what to do instead."""

import json
import re

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.accounts.account_steps import new_email
from tests.journeys.conftest import DESKTOP


def deliver(visitor, way: str) -> None:
    """Have the server say that mails leave by `smtp`, or wait in the `outbox`."""

    def answer(route: Route) -> None:
        told = route.fetch()
        route.fulfill(response=told, body=json.dumps(told.json() | {"mailDelivery": way}))

    visitor.context.route("**/api/config", answer)


@pytest.mark.parametrize(
    ("way", "heading"), [("outbox", "No mail can be sent yet"), ("smtp", "Look in your mail")]
)
def test_a_forgotten_password(student, way, heading):
    deliver(student, way)
    page = student.open("/forgot")
    page.get_by_label("E-mail").fill(new_email("nobody"))
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    if way == "outbox":
        expect(page.get_by_role("main")).to_contain_text("quadrangle user password")
        expect(page.get_by_role("main")).not_to_contain_text("We have written")
    student.check_accessibility()


@pytest.mark.parametrize(
    ("way", "words"), [("outbox", "wait in the outbox"), ("smtp", "on their way")]
)
def test_a_list_of_people_is_invited(make_visitor, way, words):
    admin = make_visitor(viewport=DESKTOP)
    admin.sign_in()
    deliver(admin, way)
    page = admin.open("/people")
    page.get_by_role("button", name="Invite a list").click()
    listed = f"email,name,role\n{new_email('ida')},Ida,student\n".encode()
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": listed}
    page.get_by_label("CSV file").set_input_files([file])
    page.get_by_role("button", name="Check and invite").click()
    expect(page.get_by_role("dialog", name="The list is in")).to_contain_text(re.compile(words))
    admin.check_accessibility()


@pytest.mark.parametrize(
    ("way", "words"), [("outbox", "once a mail server is set"), ("smtp", "By mail, before each")]
)
def test_reminders_of_meetings(make_visitor, way, words):
    admin = make_visitor(viewport=DESKTOP)
    admin.sign_in()
    deliver(admin, way)
    page = admin.open("/account")
    expect(page.locator("#reminders")).to_contain_text(words)
