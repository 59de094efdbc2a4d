"""What the journeys of hours and booking do again and again."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.accounts.account_steps import new_email
from tests.journeys.conftest import Visitor
from tests.running import Campus

HOURS: dict[str, Any] = {
    "timeZone": "Europe/Berlin",
    "minutes": 60,
    "weekly": [{"weekday": day, "begins": "09:00", "ends": "12:00"} for day in range(7)],
    "rules": {"bookingNotice": 0, "movingNotice": 0, "cancellingNotice": 0},
}


class Member:
    """Somebody with an account of a role, signed in with a browser of their own."""

    def __init__(self, visitor: Visitor, role: str, name: str) -> None:
        campus: Campus = visitor.server
        self.visitor, self.name, self.campus = visitor, name, campus
        account = campus.hire(campus.sign_in(), new_email(), role, name)
        self.account_id = account["accountId"]
        visitor.sign_in(account["email"], account["password"])
        self.token = campus.sign_in(account["email"], account["password"])

    @property
    def page(self) -> Page:
        return self.visitor.page

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.campus.call(method, path, body, token=self.token)
        assert answer.status < 300, answer.body
        return answer.json

    def publish(self, **fields: Any) -> None:
        self.call("PUT", "/api/meetings/hours", HOURS | fields)


def first_slot(page: Page) -> Locator:
    """Wait for open hours; return the link to the first of them."""
    slot = page.locator(".slot").first
    expect(slot).to_be_visible()
    return slot


@pytest.fixture
def make_member(make_visitor: Any) -> Any:
    def make(role: str, name: str, **options: Any) -> Member:
        return Member(make_visitor(**options), role, name)

    return make
