"""An administrator finds people, invites them one by one and by a list, and lets them in again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, Visitor


@pytest.fixture
def admin(make_visitor) -> Visitor:
    visitor = make_visitor(viewport=DESKTOP)
    visitor.sign_in()
    return visitor


@pytest.mark.smoke
def test_someone_is_invited_by_link_and_takes_the_account(admin, make_visitor):
    page = admin.open("/people")
    page.get_by_role("button", name="Invite", exact=True).click()
    form = page.get_by_role("dialog", name="Invite a person")
    form.get_by_label("Name").fill("Dana Quist")
    form.get_by_label("E-mail address").fill("not-an-address")
    form.get_by_label("Role").select_option("teacher")
    form.get_by_role("button", name="Send the invitation").click()
    expect(form.get_by_role("alert")).to_contain_text("name@campus.example")
    form.get_by_label("E-mail address").fill("dana@campus.example")
    form.get_by_role("button", name="Send the invitation").click()
    shown = page.get_by_role("dialog", name="Dana Quist is invited")
    url = shown.locator("code").inner_text()
    admin.check_accessibility()
    page.keyboard.press("Escape")
    expect(shown).to_be_visible()  # it is not shown again
    shown.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="Dana Quist")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/people\?person="))

    dana = make_visitor(viewport=PHONE)
    theirs = dana.open(url)
    theirs.get_by_label("Password", exact=False).first.fill("a quiet green door")
    theirs.get_by_role("button", name="Accept and sign in").click()
    theirs.wait_for_url(lambda address: "invitation" not in address)

    page.reload()
    view = page.get_by_role("region", name="Account")
    expect(view.locator(".badge")).to_have_text("Active")


def test_a_list_is_checked_whole_then_invites(admin, tmp_path: Path):
    page = admin.open("/people")
    listed = tmp_path / "people.csv"
    listed.write_text("email,name,role\nluz@campus.example,Luz,student\nnobody,Max,dean\n")
    page.get_by_role("button", name="Invite a list").click()
    form = page.get_by_role("dialog", name="Invite a list of people")
    form.get_by_role("button", name="Check and invite").click()
    expect(form.get_by_role("alert")).to_contain_text("choose a file")
    form.get_by_label("CSV file").set_input_files(listed)
    form.get_by_role("button", name="Check and invite").click()
    expect(form.get_by_role("alert")).to_contain_text("Line 3: Role")
    admin.check_accessibility()
    listed.write_text(
        "email;name;role\nluz@campus.example;Luz;student\nadmin@campus.example;Ada;admin\n"
    )
    form.get_by_label("CSV file").set_input_files(listed)
    form.get_by_role("button", name="Check and invite").click()
    report = page.get_by_role("dialog", name="The list is in")
    expect(report).to_contain_text("1 person invited")
    expect(report.get_by_role("listitem")).to_have_text(["admin@campus.example"])
    admin.check_accessibility()
    report.get_by_role("button", name="Done").click()
    expect(page.get_by_role("link", name=re.compile("Luz"))).to_be_visible()


def test_an_account_is_found_changed_disabled_and_enabled(admin):
    admin.server.hire(admin.server.sign_in(), "kim@campus.example", "student", "Kim Lund")
    page = admin.open("/settings?tab=staff")
    page.get_by_role("link", name="Go to people").click()
    page.get_by_role("searchbox").fill("kim lund")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=kim"))
    rows = page.locator(".list-row")
    expect(rows).to_have_count(1)
    rows.first.press("Enter")
    view = page.get_by_role("region", name="Account")
    view.get_by_label("Name").fill("Kim Lind")
    view.get_by_label("Role").select_option("staff")
    view.get_by_role("button", name="Save changes").click()
    expect(view.get_by_role("heading", name="Kim Lind")).to_be_visible()
    expect(rows.first).to_contain_text("Staff")
    view.get_by_role("button", name="Make a new password").click()
    page.get_by_role("button", name="Make a password").click()
    page.get_by_role("button", name="I have noted it").click()
    view.get_by_role("button", name="Disable").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Disable").click()
    expect(view.locator(".badge")).to_have_text("Disabled")
    expect(view.get_by_role("button", name="Make a new password")).to_have_count(0)
    view.get_by_role("button", name="Enable").click()
    expect(view.locator(".badge")).to_have_text("Active")
    page.go_back()
    expect(rows.first).to_be_focused()


def test_a_wrong_address_is_corrected_and_the_person_comes_in(admin, make_visitor):
    body = {"email": "uma@campus.exampel", "name": "Uma Rey", "role": "student"}
    token = admin.server.sign_in()
    made = admin.server.call("POST", "/api/accounts/people", body, token=token)
    page = admin.open(f"/people?person={made.json['account']['accountId']}")
    view = page.get_by_role("region", name="Account")
    view.get_by_role("button", name="Correct the address").click()
    form = page.get_by_role("dialog", name="Correct the address")
    expect(form.get_by_label("E-mail address")).to_have_value("uma@campus.exampel")
    form.get_by_role("button", name="Save the address").click()
    expect(form.get_by_role("alert")).to_contain_text("has now")
    admin.check_accessibility()
    form.get_by_label("E-mail address").fill("uma@campus.example")
    form.get_by_role("button", name="Save the address").click()
    shown = page.get_by_role("dialog", name="Uma Rey is invited")
    expect(shown).to_contain_text("to uma@campus.example")
    url = shown.locator("code").inner_text()
    shown.get_by_role("button", name="Done").click()
    expect(view).to_contain_text("uma@campus.example")

    uma = make_visitor(viewport=PHONE)
    theirs = uma.open(url)
    expect(theirs.get_by_label("E-mail")).to_have_value("uma@campus.example")
    theirs.get_by_label("Password", exact=False).first.fill("a quiet green door")
    theirs.get_by_role("button", name="Accept and sign in").click()
    theirs.wait_for_url(lambda address: "invitation" not in address)

    page.reload()
    expect(view.locator(".badge")).to_have_text("Active")
    view.get_by_role("button", name="Correct the address").click()
    form.get_by_label("E-mail address").fill("uma.rey@campus.example")
    form.get_by_role("button", name="Save the address").click()
    expect(view).to_contain_text("uma.rey@campus.example, not confirmed yet")
    admin.check_accessibility()


def test_chips_narrow_the_list_and_stand_in_the_address(admin):
    admin.server.hire(admin.server.sign_in(), "ole@campus.example", "teacher", "Ole")
    page = admin.open("/people")
    page.get_by_role("button", name="Teacher").click()
    expect(page).to_have_url(re.compile(r"\?role=teacher$"))
    expect(page.locator(".list-row b")).not_to_have_text(["Administrator"])
    page.get_by_role("button", name="Closed").click()
    expect(page.get_by_text("Nobody fits this search.")).to_be_visible()
    admin.check_accessibility()
    page.get_by_role("button", name="Show everyone").click()
    expect(page.get_by_role("link", name=re.compile("Administrator"))).to_be_visible()


def test_the_last_administrator_cannot_lock_everyone_out(admin):
    page = admin.open("/people?role=admin")
    page.get_by_role("link", name=re.compile("Administrator")).first.click()
    view = page.get_by_role("region", name="Account")
    view.get_by_role("button", name="Disable").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Disable").click()
    expect(page.get_by_role("region", name="What just happened")).to_contain_text(
        "last active administrator"
    )


def test_staff_is_told_whose_page_this_is(admin, make_visitor):
    hired = admin.server.hire(admin.server.sign_in(), "sam@campus.example", "staff", "Sam")
    sam = make_visitor(viewport=DESKTOP)
    sam.sign_in(hired["email"], hired["password"])
    page = sam.open("/people")
    expect(page.get_by_text("Only administrators can see")).to_be_visible()
    expect(page.get_by_role("link", name="People")).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(make_visitor, size, scheme):
    visitor = make_visitor(viewport=size, color_scheme=scheme)
    visitor.sign_in()
    page = visitor.open("/people")
    page.get_by_role("link", name=re.compile("Administrator")).first.wait_for()
    visitor.check_accessibility()
    page.get_by_role("link", name=re.compile("Administrator")).first.click()
    page.get_by_role("button", name="Save changes").wait_for()
    visitor.check_accessibility()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
