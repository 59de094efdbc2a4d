"""What an owner does with a video that is there: links with passwords, times."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visitor, deep, smoke

PASSWORD = "rotation of bodies"


@pytest.mark.parametrize("size", [smoke("desk"), deep("phone")])
def test_a_link_with_a_password_is_made_followed_and_revoked(
    caretaker: Visitor, student: Visitor, own, size: str
):
    own.make_private()
    if size == "phone":
        caretaker.page.set_viewport_size(PHONE)
    page = caretaker.open(f"/manage-video?id={own.video_id}")
    links = page.get_by_role("region", name="Links")
    expect(links.get_by_text("There is no link yet.")).to_be_visible()
    links.get_by_role("button", name="Make a link").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What it is for").fill("Exam board")
    dialog.get_by_label("Password").fill("short")
    dialog.get_by_role("button", name="Make a link").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    caretaker.check_accessibility()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Make a link").click()
    row = links.get_by_role("listitem").filter(has_text="Exam board")
    expect(row).to_contain_text("with a password")
    caretaker.check_accessibility()

    guest = student.open(own.link())
    expect(guest.get_by_role("heading", level=1)).to_have_text("This video has a password")
    guest.get_by_label("Password").fill("not that one")
    guest.get_by_role("button", name="Watch").click()
    expect(guest.get_by_role("alert")).to_contain_text("not the password")
    student.check_accessibility()
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Watch").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("For the course")
    guest.reload()  # the password is not asked for again
    expect(guest.get_by_role("heading", level=1)).to_have_text("For the course")

    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke it").click()
    expect(row).to_have_count(0)
    guest.reload()
    expect(guest.get_by_role("heading", level=1)).to_have_text("This link has ended")
    student.check_accessibility()


@pytest.mark.deep
def test_times_are_chosen_on_the_page(caretaker: Visitor, student: Visitor, own):
    page = caretaker.open("/my-videos")
    page.locator(f".mine-row[data-id='{own.video_id}']").get_by_role("link", name="Manage").click()
    expect(page).to_have_url(re.compile(rf"/manage-video\?id={own.video_id}$"))
    times = page.get_by_role("region", name="When others see it")
    times.get_by_label("From: Date").fill("2999-01-31")
    times.get_by_role("button", name="Save the times").click()
    expect(times.get_by_role("alert")).to_contain_text("both a date and a time")
    caretaker.check_accessibility()
    times.get_by_label("From: Time").fill("09:30")
    times.get_by_role("button", name="Save the times").click()
    expect(page.get_by_text("The times are saved.").first).to_be_visible()
    page.reload()
    expect(times.get_by_label("From: Time")).to_have_value("09:30")
    guest = student.open(f"/video?id={own.video_id}&key={own.key}")
    expect(guest.get_by_role("heading", level=1)).to_have_text("This video is not here")
    times.get_by_role("button", name="No such time").first.click()
    times.get_by_role("button", name="Save the times").click()
    expect(times.get_by_role("alert")).to_have_count(0)
    page.wait_for_timeout(500)
    guest.reload()
    expect(guest.get_by_role("heading", level=1)).to_have_text("For the course")
