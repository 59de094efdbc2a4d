"""The gallery, one's own videos, and the ways to them."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.deep


def test_the_gallery_is_searched_as_one_types(student: Visitor, lecture: int):
    page = student.open("/watch")
    expect(page.locator(f".video-card[data-id='{lecture}']")).to_be_visible()
    search = page.get_by_label("Search videos")
    search.fill("rotation plane")
    expect(page.locator(".video-card")).to_have_count(1)
    expect(page).to_have_url(student.server.base + "/watch?search=rotation+plane")
    page.reload()
    expect(search).to_have_value("rotation plane")
    search.fill("zebrafish")
    expect(page.get_by_text("No video has “zebrafish”")).to_be_visible()
    student.check_accessibility()
    page.get_by_role("link", name="Show all videos").click()
    page.get_by_role("link", name="Rotation in the plane").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rotation in the plane")


def test_the_start_page_names_what_is_new(student: Visitor, lecture: int):
    page = student.open("/")
    door = page.get_by_role("region", name="Watch")
    expect(door).to_contain_text("New: ")
    student.check_accessibility()
    door.get_by_role("link", name="All videos").click()
    expect(page).to_have_url(student.server.base + "/watch")


def test_details_are_edited_and_a_link_is_made_anew(caretaker: Visitor, own):
    page = caretaker.open(f"/my-videos?edit={own.video_id}")
    page.get_by_label("Title").fill(" ")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    caretaker.check_accessibility()
    page.get_by_label("Title").fill("Only for the course")
    page.get_by_role("button", name="Save").click()
    row = page.locator(f".mine-row[data-id='{own.video_id}']")
    expect(row).to_contain_text("Only for the course")
    expect(row).to_contain_text("With the link")
    row.get_by_role("button", name="New link").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Make a new link").click()
    expect(page.get_by_text("The link is a new one.").first).to_be_visible()
    assert own.key != own.key_before
    caretaker.check_accessibility()
