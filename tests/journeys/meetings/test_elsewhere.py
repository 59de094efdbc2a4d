"""Desktops that have pages of their own, on machines elsewhere: the session leads to them."""

import json
import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.meetings.test_meeting import links_of
from tests.running import VISITED

MACHINE = "https://i-1.desktops.example:8443"
MISSING = [name for name in ("Xvnc", "bwrap", "xfce4-session") if shutil.which(name) is None]

pytestmark = [
    pytest.mark.skipif(bool(VISITED), reason="the desktops of AWS are met by tests/deployed"),
    pytest.mark.skipif(bool(MISSING), reason=f"programs of desktops are missing: {MISSING}"),
]


def enter(visitor: Visitor, link: str) -> Visitor:
    """Open a side's link; of desktops the server tells as one on AWS does."""

    def elsewhere(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        if "websocket" in told:
            ticket = told["websocket"].rpartition("=")[2]
            told |= {"websocket": None, "url": f"{MACHINE}/?authToken={ticket}#i-1"}
        route.fulfill(response=answer, body=json.dumps(told))

    visitor.page.route("**/join/**", elsewhere)
    visitor.page.route("**/tickets", elsewhere)
    visitor.page.context.route(f"{MACHINE}/**", lambda route: route.fulfill(body="the desktop"))
    visitor.page.goto(link)
    launch = visitor.page.get_by_role("button", name="Launch my meeting")
    expect(launch).to_be_enabled()
    expect(visitor.page.locator(".stage-line", has_text="Everything is ready.")).to_be_visible()
    launch.click()
    expect(visitor.page.get_by_role("button", name="Open my desktop")).to_be_visible()
    return visitor


def opened(visitor: Visitor, button: str) -> str:
    with visitor.page.context.expect_page() as tab:
        visitor.page.get_by_role("button", name=button).click()
    tab.value.wait_for_url(f"{MACHINE}/**")
    assert tab.value.evaluate("opener") is None
    address = tab.value.url
    tab.value.close()
    return address


@pytest.mark.smoke
def test_each_opens_a_desktop_and_the_teacher_looks_on(caretaker: Visitor, make_visitor):
    links = links_of(caretaker)
    teacher = enter(make_visitor(viewport=DESKTOP), links["teacher"])
    student = enter(make_visitor(viewport=PHONE), links["student"])
    first = opened(student, "Open my desktop")
    assert first.startswith(f"{MACHINE}/?authToken=")
    assert first.endswith("#i-1")
    assert opened(student, "Open my desktop") != first  # a ticket is good for one opening
    student.check_accessibility()
    shots(student, "student")

    teacher.page.get_by_role("button", name="See the screen of Ben").click()
    assert opened(teacher, "Open the desktop of Ben").startswith(MACHINE)
    teacher.check_accessibility()
    shots(teacher, "teacher")
    # no stream tells the student: the page asks
    expect(student.page.locator(".desk-watcher")).to_contain_text("Dr Ada")
    student.check_accessibility()
    shots(student, "watched")
    teacher.page.get_by_role("button", name="Stop watching").click()
    expect(student.page.locator(".desk-watched")).to_be_hidden()

    student.page.evaluate("window.open = () => null")
    student.page.get_by_role("button", name="Open my desktop").click()
    expect(student.page.get_by_text("did not let the tab open")).to_be_visible()
    student.check_accessibility()
    teacher.page.get_by_role("button", name="End the meeting").click()
    teacher.page.get_by_role("alertdialog").get_by_role("button", name="End the meeting").click()
    expect(student.page.get_by_role("heading", name="The meeting has ended")).to_be_visible()


def shots(visitor: Visitor, name: str) -> None:
    """Keep pictures where somebody asks for them."""
    folder = os.environ.get("QUADRANGLE_SHOTS")
    if folder:
        Path(folder).mkdir(exist_ok=True)
        for scheme in ("light", "dark"):
            visitor.page.emulate_media(color_scheme=scheme)
            visitor.page.wait_for_timeout(400)
            visitor.page.screenshot(path=f"{folder}/{name}-{scheme}.png")
