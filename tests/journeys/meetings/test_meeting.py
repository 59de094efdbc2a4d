"""From scheduling a meeting to its end, with real desktops and two people."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.running import VISITED, wait_for

NEEDED = ("Xvnc", "bwrap", "xfce4-session")
MISSING = [name for name in NEEDED if shutil.which(name) is None]

# Whether nothing else is seen where an element is.
IS_ON_TOP = """element => {
  const { left, top, width, height } = element.getBoundingClientRect();
  const middle = left + width / 2;
  return [top + 2, top + height - 2].every((y) => document.elementFromPoint(middle, y) === element);
}"""


def links_of(caretaker: Visitor, student: str = "Ben") -> dict[str, str]:
    """Schedule a meeting that begins at once, by the page; return both links."""
    page = caretaker.open("/new-meeting")
    page.get_by_label("Teacher", exact=True).fill("Dr Ada")
    page.get_by_label("Student", exact=True).fill(student)
    page.get_by_role("button", name="Now", exact=True).click()
    caretaker.check_accessibility()
    page.get_by_role("button", name="Schedule the meeting").click()
    expect(page.get_by_role("heading", name="The meeting is scheduled")).to_be_visible()
    texts = page.locator(".meeting-link").all_inner_texts()
    links = {role: next(t for t in texts if f"role={role}" in t) for role in ("teacher", "student")}
    # who plans for others does not enter as them
    expect(page.get_by_role("link", name="Enter as the teacher")).to_have_count(0)
    return links


@pytest.mark.smoke
def test_what_cannot_be_is_said_beside_its_field(caretaker: Visitor):
    page = caretaker.open("/new-meeting")
    page.get_by_label("Student", exact=True).fill("Ben")
    page.get_by_label("Day").fill("2020-01-01")
    page.get_by_role("button", name="Schedule the meeting").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("This time is long past.")
    expect(page.get_by_label("Student", exact=True)).to_have_value("Ben")
    caretaker.check_accessibility()


@pytest.mark.smoke
def test_a_link_that_opens_nothing_says_so(student: Visitor):
    page = student.open("/meeting?id=00000000-0000-4000-8000-000000000000&role=student&key=x")
    expect(page.get_by_role("heading", name="This link opens no meeting")).to_be_visible()
    student.check_accessibility()


@pytest.mark.smoke
@pytest.mark.skipif(bool(VISITED), reason="the desktops of AWS are no sandboxes of this machine")
@pytest.mark.skipif(bool(MISSING), reason=f"programs of desktops are missing: {MISSING}")
def test_two_people_meet(caretaker: Visitor, make_visitor):
    links = links_of(caretaker)
    teacher = make_visitor(viewport=DESKTOP)
    student = make_visitor(viewport=PHONE)
    for visitor, role in ((teacher, "teacher"), (student, "student")):
        page = visitor.page
        page.goto(links[role])
        assert "key=" not in page.url  # it stays in no history
        launch = page.get_by_role("button", name="Launch my meeting")
        expect(launch).to_be_enabled()
        expect(page.locator(".stage-line", has_text="Everything is ready.")).to_be_visible()
        visitor.check_accessibility()
        launch.click()
        expect(page.locator("q-desktop[data-state=open]")).to_be_visible()
        left = re.compile(r"(\d+:\d\d|1 h 0 min) left")
        expect(page.locator(".session-left")).to_have_text(left)
    expect(teacher.page.get_by_text("Ben is here")).to_be_visible()
    teacher.check_accessibility()
    student.page.reload()  # goes back in by itself
    expect(student.page.get_by_text("Dr Ada is here")).to_be_visible()
    expect(student.page.get_by_role("button", name="End the meeting")).to_have_count(0)
    student.page.get_by_role("button", name="Chat").click()
    message = student.page.get_by_label("Message", exact=True)
    expect(message).to_be_focused()
    wait_for(lambda: message.evaluate(IS_ON_TOP), "the message above the bars of a phone")
    teacher.page.get_by_role("button", name="End the meeting").click()
    teacher.page.get_by_role("alertdialog").get_by_role("button", name="End the meeting").click()
    for visitor in (teacher, student):
        heading = visitor.page.get_by_role("heading", name="The meeting has ended")
        expect(heading).to_be_visible()
    listed = caretaker.open("/meet?when=past")
    expect(listed.get_by_text("Dr Ada with Ben").first).to_be_visible()
    expect(listed.locator("[data-status=ENDED]").first).to_be_visible()
    caretaker.check_accessibility()
