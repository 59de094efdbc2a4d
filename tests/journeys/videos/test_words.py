"""What is said: found, mended, written by a program; chapters on the bar and in a list."""

import importlib.util
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.http.videos.film import make_talk
from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.videos.conftest import CAPTIONS, PATIENCE_S, upload, wait_for
from tests.journeys.videos.player_steps import pick, wait_for_caption, wait_for_second
from tests.running import Campus

pytestmark = pytest.mark.deep
SAID = "The axis of a spinning top turns slowly. In the end the top falls over."


@pytest.fixture
def seminar(server: Campus, film: Path) -> int:
    """A public video of the administrator's with captions; its id."""
    token = server.sign_in()
    video_id = upload(server, token, film, title="Seminar", visibility="public")
    wait_for(server, token, video_id)
    put_captions(server, video_id, CAPTIONS)
    return video_id


def put_captions(server: Campus, video_id: int, text: str) -> None:
    path = f"/api/gallery/videos/{video_id}/captions/en?label=English"
    headers = {"Content-Type": "text/vtt"}
    answer = server.call("PUT", path, text.encode(), token=server.sign_in(), headers=headers)
    assert answer.status == 200, answer.body


def mend(page: Page) -> None:
    """Open the lines for editing."""
    page.get_by_role("button", name="Edit and download").click()
    page.get_by_role("menuitem", name="Mend the lines").click()
    expect(page.get_by_label("What is said")).to_be_visible()


def test_a_found_moment_is_jumped_to(student: Visitor, lecture: int):
    page = student.open("/watch?search=axis+stays")
    moment = page.locator(f".video-card[data-id='{lecture}'] .video-moment")
    expect(moment.locator("mark")).to_have_text(["axis", "stays"])
    student.check_accessibility()
    moment.click()
    expect(page).to_have_url(re.compile(rf"/video\?id={lecture}&t=4$"))
    expect(page.locator("video")).to_be_visible()
    wait_for_second(page, "video.currentTime >= 4 && video.currentTime < 5")
    page.get_by_role("tab", name="Transcript").click()
    search = page.get_by_label("Search the transcript")
    search.fill("circle")
    expect(page.locator(".cue")).to_have_count(1)
    page.locator(".cue").click()
    wait_for_second(page, "video.currentTime >= 9")


def test_lines_are_mended_and_nobodys_work_is_lost(caretaker: Visitor, seminar: int):
    page = caretaker.open(f"/video?id={seminar}")
    expect(page.locator(".cue").first).to_be_visible()
    mend(page)
    caretaker.check_accessibility()
    page.get_by_label("What is said").fill("Today we look at precession")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()  # what was typed is kept
    mend(page)
    expect(page.get_by_label("What is said")).to_have_value("Today we look at precession")
    page.get_by_role("button", name="Next line").click()
    page.get_by_label("To", exact=True).fill("x")
    expect(page.locator(".cue-field .error:visible")).to_have_text("Give a time such as 1:04.5.")
    page.get_by_label("To", exact=True).fill("0:08.5")
    page.get_by_role("button", name="Add a line after this one").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".edit-notice")).to_contain_text("1 line needs mending")
    page.get_by_label("What is said").fill("It does not move")
    put_captions(caretaker.server, seminar, CAPTIONS.replace("Today", "Now"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Somebody else changed these captions")).to_be_visible()
    caretaker.check_accessibility()
    page.get_by_role("button", name="Keep mine").click()
    expect(page.locator(".transcript .cue-text").first).to_have_text("Today we look at precession")
    expect(page.locator(".transcript .cue-text")).to_have_count(4)
    pick(page, "Captions", "English")
    wait_for_caption(page, "precession")


def test_chapters_are_given_on_a_phone_and_jumped_to(
    server: Campus, make_visitor: Any, seminar: int
):
    caretaker = make_visitor(viewport=PHONE)
    caretaker.sign_in()
    page = caretaker.open(f"/video?id={seminar}")
    page.get_by_role("tab", name="Chapters").click()
    page.get_by_role("button", name="Add chapters").click()
    for number, (time, title) in enumerate([("0:00", "Begin"), ("0:99", "Middle")], 1):
        page.get_by_role("button", name="Add a chapter").click()
        page.locator(".chapter-row").last.get_by_label("Begins at").fill(time)
        page.locator(".chapter-row").last.get_by_label("Title").fill(title)
        expect(page.locator(".chapter-row")).to_have_count(number)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Give a time such as 1:04.5.")).to_be_visible()
    caretaker.check_accessibility()
    page.get_by_label("Begins at, chapter 2").fill("0:07")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("list", name="Chapters").get_by_role("button", name="Middle").click()
    wait_for_second(page, "video.currentTime >= 7")
    expect(page.locator(".seek-mark.chapter")).to_have_count(1)
    expect(page.locator(".chapters [aria-current]")).to_contain_text("Middle")
    caretaker.check_accessibility()


@pytest.mark.skipif(
    importlib.util.find_spec("faster_whisper") is None or shutil.which("espeak-ng") is None,
    reason="the extra “captions” (make captions) or espeak-ng is not installed",
)
def test_a_program_writes_captions_when_it_is_asked(caretaker: Visitor, tmp_path: Path):
    server = caretaker.server
    token = server.sign_in()
    talk = make_talk(tmp_path, SAID)
    video_id = upload(server, token, talk, title="Tops", visibility="public")
    wait_for(server, token, video_id)
    page = caretaker.open(f"/video?id={video_id}")
    note = page.get_by_text("Written by a program: words may be wrong.")
    expect(note).to_be_visible(timeout=PATIENCE_S * 1000)
    expect(page.locator(".cues").first).to_contain_text("top")
    page.get_by_role("button", name="Edit and download").click()
    page.get_by_role("menuitem", name="Delete these captions").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete them").click()
    expect(page.get_by_text("This video has no captions yet.")).to_be_visible()
    caretaker.check_accessibility()
    page.get_by_role("button", name="Make automatic captions").click()
    caretaker.check_accessibility()
    page.get_by_role("button", name="Make captions", exact=True).click()
    expect(note).to_be_visible(timeout=PATIENCE_S * 1000)
    pick(page, "Captions", "English (automatic)")
