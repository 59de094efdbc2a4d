"""A caretaker with forty open reports, and the pages around the desk."""

import contextlib
import re

import pytest
from playwright.sync_api import expect

from quadrangle.kernel.ids import new_id
from tests.journeys.conftest import PHONE, deep, smoke
from tests.running import ADMIN_EMAIL, ADMIN_PASSWORD, STAFF_PIN, wait_for


def rows(page):
    return page.get_by_role("main").locator("li:has(input[type=checkbox])")


def status_of(server, issue_id: str) -> str:
    return server.call("GET", f"/issue-status/{issue_id}").json["status"]


@pytest.mark.smoke
def test_move_a_report_along_and_talk_to_the_reporter(caretaker):
    server = caretaker.server
    place = f"Hall {new_id()[:8]}"
    issue_id = server.report(location=place, email="ada@campus.example")
    page = caretaker.open("/desk?" + "location=" + place.replace(" ", "+"))
    expect(page.get_by_text(place).first).to_be_visible()
    caretaker.check_accessibility()
    page.get_by_text("It is broken").first.click()
    expect(page.get_by_label("Your internal note")).to_be_visible()
    caretaker.check_accessibility()

    page.get_by_role("radio", name="In progress").or_(
        page.get_by_role("button", name="In progress", exact=True)
    ).last.click()
    wait_for(lambda: status_of(server, issue_id) == "IN_PROGRESS", "the status")
    page.get_by_label("Your internal note").fill("Bring the long ladder")
    page.get_by_role("button", name="Save internal note").click()
    expect(page.get_by_text("Bring the long ladder").first).to_be_visible()
    page.get_by_label("Your public reply").fill("We come at noon")
    page.get_by_role("button", name="Send reply to reporter").click()
    expect(page.get_by_text("We come at noon").first).to_be_visible()

    public = server.call("GET", f"/api/issues/{issue_id}/conversation").json
    assert [entry["text"] for entry in public["entries"]] == ["We come at noon"]

    def mails():
        token = server.sign_in()
        listed = server.call("GET", "/api/mail/outbox?limit=100", token=token).json["mails"]
        return [
            m["subject"]
            for m in listed
            if m["to"] == "ada@campus.example" and place in m["subject"]
        ]

    # on AWS the one about the status waits a minute
    wait_for(lambda: len(mails()) == 3, "confirmation, status and reply mails", 120)


def test_new_reports_wait_for_a_word_instead_of_moving_the_list(caretaker):
    server = caretaker.server
    place = f"Hall {new_id()[:8]}"
    server.report(location=place, description="The first one")
    page = caretaker.open("/desk?location=" + place.replace(" ", "+"))
    expect(page.get_by_text("The first one").first).to_be_visible()
    server.report(location=place, description="The second one")
    new = page.get_by_role("button", name="1 new report")
    expect(new).to_be_visible()
    expect(page.get_by_text("The second one")).to_have_count(0)
    new.click()
    expect(page.get_by_text("The second one").first).to_be_visible()


def test_keys_move_open_and_resolve(caretaker):
    server = caretaker.server
    place = f"Hall {new_id()[:8]}"
    older = server.report(location=place, description="Older")
    server.report(location=place, description="Newer")
    page = caretaker.open("/desk?location=" + place.replace(" ", "+"))
    expect(page.get_by_text("Newer").first).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    caretaker.check_accessibility()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(older))
    page.keyboard.press("s")
    page.keyboard.press("r")
    wait_for(lambda: status_of(server, older) == "RESOLVED", "the status")
    page.keyboard.press("z")
    wait_for(lambda: status_of(server, older) == "OPEN", "the undone status")
    page.keyboard.press("/")
    page.keyboard.type("jsr")
    assert status_of(server, older) == "OPEN", "keys do nothing while someone types"


def test_bulk_changes_can_be_undone(caretaker):
    server = caretaker.server
    place = f"Hall {new_id()[:8]}"
    ids = [server.report(location=place, description=f"Number {n}") for n in range(3)]
    page = caretaker.open("/desk?location=" + place.replace(" ", "+"))
    expect(page.get_by_text("Number 0").first).to_be_visible()
    page.get_by_label("Select all that are shown").check()
    expect(page.get_by_text("3 selected").first).to_be_visible()
    caretaker.check_accessibility()
    page.keyboard.press("s")
    page.keyboard.press("r")
    wait_for(lambda: {status_of(server, i) for i in ids} == {"RESOLVED"}, "all to be resolved")
    page.get_by_role("button", name="Undo").click()
    wait_for(lambda: {status_of(server, i) for i in ids} == {"OPEN"}, "all to be open again")


def test_typed_markup_is_shown_as_typed(caretaker):
    text = "<img src=x onerror=alert(1)><script>alert('test')</script>"
    issue_id = caretaker.server.report(description=text, location="<b>Hall</b>", name="<i>Ada</i>")
    page = caretaker.open(f"/desk?issue={issue_id}")
    expect(page.get_by_text(text).first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    page.goto(f"/track?id={issue_id}")
    expect(page.get_by_text(text).first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize(
    "path", ["/desk", smoke("/statistics"), "/outbox", "/outbox?tab=dead", smoke("/settings")]
)
@pytest.mark.parametrize("scheme", ["light", deep("dark")])
@pytest.mark.parametrize("size", [deep("phone"), "desktop"])
def test_staff_pages_are_accessible(make_visitor, server, path, scheme, size):
    viewport = PHONE if size == "phone" else {"width": 1280, "height": 800}
    visitor = make_visitor(viewport=viewport, color_scheme=scheme)
    visitor.sign_in()
    server.report(email="ada@campus.example")
    page = visitor.open(path)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    page.wait_for_load_state("load")
    if path == "/desk":  # where functions answer, the first list may take its time
        expect(page.locator("#list-title")).not_to_be_empty()
    page.wait_for_timeout(500)
    visitor.check_accessibility()
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0, "the page scrolls sideways"


@pytest.mark.parametrize("scheme", ["light", deep("dark")])
@pytest.mark.parametrize(
    "path", ["/", "/report", "/track", "/sign-in", smoke("/no-such-page"), smoke("/api/docs")]
)
def test_public_pages_are_accessible(make_visitor, path, scheme):
    visitor = make_visitor(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = visitor.open(path)
    page.wait_for_load_state("load")
    page.wait_for_timeout(700)
    if path != "/api/docs":  # made by Swagger UI, whose markup is not ours to mend
        visitor.check_accessibility()
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, "the page scrolls sideways"
    else:
        expect(page.get_by_text("/report-issue").first).to_be_visible()


@pytest.mark.smoke
def test_sign_in_with_the_pin_and_out_again(make_visitor):
    visitor = make_visitor()
    page = visitor.open("/desk")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_role("tab", name="Staff PIN").click()
    page.get_by_role("textbox", name="Staff PIN").fill("00000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(
        re.compile("PIN.*(wrong|not right|not correct)", re.I)
    )
    page.get_by_role("textbox", name="Staff PIN").fill(STAFF_PIN)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/desk"))
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()


def test_sign_in_with_an_account_never_leaves_the_site(make_visitor):
    visitor = make_visitor()
    page = visitor.open("/sign-in?next=//elsewhere.example/")
    page.get_by_role("textbox", name="E-mail").fill(ADMIN_EMAIL)
    page.get_by_role("textbox", name="Password").fill(ADMIN_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    assert page.url.startswith(visitor.server.base)


def test_staff_sees_that_a_mail_about_an_account_was_written_not_what_it_says(
    caretaker, make_visitor
):
    server, email = caretaker.server, f"{new_id()[:8]}@campus.example"
    hired = server.hire(server.sign_in(), email)
    staff = make_visitor(viewport={"width": 1280, "height": 800})
    staff.sign_in(email, hired["password"])

    def open_mail(visitor):
        page = visitor.open("/outbox")
        wait_for(lambda: page.reload() and shown(page.get_by_text(email)), "the mail", 60)
        page.get_by_text(email).first.click()
        return page

    page = open_mail(staff)
    expect(page.get_by_text("Withheld: this mail is for its reader alone")).to_be_visible()
    staff.check_accessibility()
    page = open_mail(caretaker)
    expect(page.get_by_role("main")).to_contain_text("Hello Bo,")


def shown(found) -> bool:
    with contextlib.suppress(AssertionError):
        expect(found.first).to_be_visible(timeout=2_000)
        return True
    return False


@pytest.mark.smoke
def test_a_mail_can_be_read_in_the_outbox(caretaker):
    name = f"Hall {new_id()[:8]}"
    caretaker.server.report(location=name, email="ada@campus.example")
    page = caretaker.open("/outbox")

    wait_for(lambda: page.reload() and shown(page.get_by_text(re.compile(name))), "the mail", 60)
    page.get_by_text(re.compile(f"We have your report.*{name}")).first.click()
    expect(page.get_by_text("ada@campus.example").first).to_be_visible()
    caretaker.check_accessibility()
