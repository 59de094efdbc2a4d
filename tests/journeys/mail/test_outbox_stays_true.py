"""An outbox that stays open: it shows what came since, finds mails, asks before it sends many."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from quadrangle.kernel.ids import new_id
from tests.journeys.conftest import DESKTOP, Visitor
from tests.running import VISITED, wait_for

pytestmark = pytest.mark.smoke
# What becomes of mails: the installation of tests has no mail server, one on AWS has SES.
STATE, SAYS = ("sent", "Sent") if VISITED else ("kept", "Kept")


def reported(visitor: Visitor, place: str) -> str:
    """Report something; return the address its mail went to, once that is written."""
    server, email = visitor.server, f"{new_id()[:8]}@campus.example"
    server.report(location=place, email=email)
    token = server.sign_in()

    def written() -> list:
        return server.call("GET", f"/api/mail/outbox?q={email}", token=token).json["mails"]

    wait_for(lambda: [m for m in written() if m["state"] == STATE], "the mail", 60)
    return email


@pytest.fixture
def admin(make_visitor) -> Visitor:
    visitor = make_visitor(viewport=DESKTOP)
    visitor.sign_in()
    return visitor


def open_with_a_clock(visitor: Visitor, path: str) -> Page:
    visitor.page.clock.install()
    page = visitor.open(path)
    expect(page.locator(".list-row").first).to_be_visible()
    page.wait_for_load_state("networkidle")  # a call under way would be late at once
    return page


def half_a_minute(page: Page) -> None:
    page.clock.fast_forward(31_000)


def test_new_mails_wait_above_the_list_and_nothing_moves(admin):
    place = f"Hall {new_id()[:8]}"
    first = reported(admin, place)
    page = open_with_a_clock(admin, f"/outbox?q={place.replace(' ', '+')}")
    row = page.get_by_role("link").filter(has_text=first)
    row.focus()
    second = reported(admin, place)
    half_a_minute(page)
    pill = page.get_by_role("button", name=re.compile("new mail"))
    expect(pill).to_be_visible()
    expect(row).to_be_focused()
    expect(page.get_by_role("link").filter(has_text=second)).to_have_count(0)
    admin.check_accessibility()
    pill.click()
    expect(page.get_by_role("link").filter(has_text=second)).to_be_visible()
    expect(page.locator(".list-row").first).to_be_focused()
    expect(pill).to_be_hidden()


def as_if(state: str):
    """Answer as the server does, but as if all mails were in that state."""

    def answer(route: Route) -> None:
        told = route.fetch()
        body = told.json()
        changed = {"state": state, "attempts": 1}
        for mail in body.get("mails", [body]):
            mail |= changed
        route.fulfill(response=told, body=json.dumps(body))

    return answer


def test_a_mail_that_moved_on_says_so_where_it_stands(admin):
    email = reported(admin, f"Hall {new_id()[:8]}")
    page = open_with_a_clock(admin, f"/outbox?q={email}")
    row = page.get_by_role("link").filter(has_text=email)
    expect(row).to_contain_text(SAYS)
    row.click()
    heading = page.locator(".detail-pane h2")
    expect(heading).to_be_focused()
    page.route("**/api/mail/outbox?*", as_if("failed"))
    page.route(re.compile(r"/api/mail/outbox/[0-9a-f-]{36}$"), as_if("failed"))
    half_a_minute(page)
    expect(row).to_contain_text("Failed")
    expect(page.locator(".detail-facts")).to_contain_text("Failed")
    expect(heading).to_be_focused()


def test_nothing_is_drawn_anew_while_something_is_selected(admin):
    email = reported(admin, f"Hall {new_id()[:8]}")
    page = open_with_a_clock(admin, f"/outbox?q={email}")
    row = page.get_by_role("link").filter(has_text=email)
    page.route("**/api/mail/outbox?*", as_if("failed"))
    row.evaluate("element => getSelection().selectAllChildren(element)")
    half_a_minute(page)
    expect(row).to_contain_text(SAYS)
    page.evaluate("getSelection().empty()")
    half_a_minute(page)
    expect(row).to_contain_text("Failed")


def test_a_mail_is_found_by_address_and_by_the_number_of_its_report(admin):
    place = f"Hall {new_id()[:8]}"
    email, other = reported(admin, place), reported(admin, place)
    page = admin.open("/outbox")
    search = page.get_by_role("searchbox", name="Search mails")
    search.fill(email)
    rows = page.locator(".list-row")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("q=" + email.replace("@", "%40")))
    number = re.search(r"\[([0-9a-f]{8})\]", rows.locator("b").inner_text())
    assert number is not None
    search.fill(f"#{number[1]}")
    # the alert about it, and the mail to whoever reported it
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text=email)).to_be_visible()
    search.fill(place)
    expect(rows.filter(has_text=other)).to_be_visible()
    page.reload()
    expect(search).to_have_value(place)
    search.fill("nobody wrote this")
    expect(page.get_by_text("No mail goes to “nobody wrote this”")).to_be_visible()
    admin.check_accessibility()
    page.get_by_role("button", name="Show all mails").click()
    expect(rows.filter(has_text=email)).to_be_visible()
    expect(search).to_have_value("")


def test_mails_that_were_kept_are_sent_only_once_it_is_agreed(admin):
    template = {
        "subject": "Hello",
        "state": "kept",
        "attempts": 0,
        "createdAt": "2026-11-21T09:30:00.000Z",
        "private": False,
    } | dict.fromkeys(("lastError", "sentAt", "nextAttemptAt"))
    kept = [
        template | {"mailId": new_id(), "to": to}
        for to in ("ada@campus.example", "Ada@campus.example", "bo@campus.example")
    ]
    counts = {"queued": 0, "kept": 3, "sent": 0, "failed": 0, "over": 0}
    answer = {"mails": kept, "nextCursor": None, "counts": counts}
    sent = []

    def config(route: Route) -> None:
        told = route.fetch()
        route.fulfill(response=told, body=json.dumps(told.json() | {"mailDelivery": "smtp"}))

    def send(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=202, json={"queued": 3, "left": 0})

    admin.context.route("**/api/config", config)
    admin.context.route("**/api/mail/outbox?*", lambda route: route.fulfill(json=answer))
    admin.context.route("**/api/mail/outbox/send-kept", send)
    page = admin.open("/outbox")
    press = page.get_by_role("button", name="Send all 3 that were kept")
    press.click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("3 mails go to 2 addresses now.")
    admin.check_accessibility()
    dialog.get_by_role("button", name="Keep them here").click()
    expect(dialog).to_be_hidden()
    expect(press).to_be_focused()
    assert not sent
    press.click()
    dialog.get_by_role("button", name="Send 3 mails").click()
    expect(page.get_by_text("3 mails queued to be sent.").first).to_be_visible()
    assert sent == ["POST"]
