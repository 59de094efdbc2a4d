"""From a file to a film that plays."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.videos.conftest import PATIENCE_S
from tests.journeys.videos.player_steps import play, player_of, second_of, wait_for_second


def choose(page: Page, *files: Path) -> None:
    expect(page.get_by_text("Choose videos")).to_be_visible()
    page.locator("#video-files").set_input_files([str(file) for file in files])


class Line:
    """The line of somebody's browser, which can be slow or cut."""

    def __init__(self, visitor: Visitor) -> None:
        self._session = visitor.context.new_cdp_session(visitor.page)

    def bear(self, bytes_a_second: int) -> None:
        """Send so much from now on; 0 is nothing at all, -1 all it can."""
        state = {"offline": bytes_a_second == 0, "latency": 0, "downloadThroughput": -1}
        limits = {**state, "uploadThroughput": bytes_a_second}
        self._session.send("Network.emulateNetworkConditions", limits)


@pytest.mark.smoke
def test_a_film_is_uploaded_and_plays(lecturer: Visitor, film: Path):
    page = lecturer.open("/my-videos")
    page.get_by_role("link", name="Upload").first.click()
    expect(page).to_have_url(lecturer.server.base + "/upload")
    choose(page, film)
    lecturer.check_accessibility()
    page.get_by_label("Title").fill("Lenses and mirrors")
    page.get_by_label("Who sees it").select_option("public")
    expect(page.locator(".upload-line")).to_have_text("Ready to watch.", timeout=PATIENCE_S * 1000)
    page.locator(".upload-row").get_by_role("link", name="Watch").click()
    expect(page).to_have_url(re.compile(r"/video\?id=\d+$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Lenses and mirrors")
    play(page)
    player_of(page).focus()
    page.keyboard.press("5")  # half of it
    wait_for_second(page, "!video.seeking && video.currentTime > 6.9")
    lecturer.check_accessibility()
    page.goto("/watch")
    card = page.locator(".video-card", has_text="Lenses and mirrors").first
    expect(card).to_contain_text("0:14")
    expect(card).to_contain_text("% watched")
    lecturer.check_accessibility()


@pytest.mark.smoke
def test_a_link_to_no_video_says_so(student: Visitor):
    page = student.open("/video?id=999999")
    expect(page.get_by_role("heading", name="This video is not here")).to_be_visible()
    student.check_accessibility()


@pytest.mark.deep
def test_an_upload_survives_a_reload_and_a_lost_line(lecturer: Visitor, film: Path):
    page = lecturer.open("/upload")
    line = Line(lecturer)
    line.bear(film.stat().st_size // 6)
    choose(page, film)
    expect(page.locator(".upload-line")).to_have_text(re.compile(r"Sending: [1-9]\d? %"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    row = page.locator(".upload-row")
    expect(row).to_contain_text("Choose the same file again")
    lecturer.check_accessibility()
    line.bear(0)
    choose(page, film)
    expect(row).to_contain_text("You are offline.")
    line.bear(-1)
    expect(row).to_contain_text("Ready to watch.", timeout=PATIENCE_S * 1000)
    assert page.evaluate("Object.keys(localStorage).filter(one => one.startsWith('tus'))") == []


@pytest.mark.deep
def test_an_upload_waits_while_it_is_paused_and_can_be_removed(lecturer: Visitor, film: Path):
    page = lecturer.open("/upload")
    Line(lecturer).bear(film.stat().st_size // 8)
    choose(page, film)
    page.get_by_role("button", name="Pause").click()
    row = page.locator(".upload-row")
    expect(row).to_contain_text("Paused at")
    page.get_by_role("button", name="Go on with").click()
    expect(row).to_contain_text("Sending")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove it").click()
    expect(row).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Drop videos here")).to_be_visible()
    expect(row).to_have_count(0)


@pytest.mark.deep
def test_what_is_no_film_is_refused_in_a_sentence(lecturer: Visitor, not_a_film: Path, tmp_path):
    page = lecturer.open("/upload")
    empty = tmp_path / "empty.mp4"
    empty.touch()
    choose(page, empty, not_a_film)
    expect(page.get_by_role("alert")).to_have_text("empty.mp4 is empty. Choose another file.")
    line = page.locator(".upload-line")
    expect(line).to_contain_text("It could not be made ready.", timeout=PATIENCE_S * 1000)
    said = line.inner_text().removeprefix("It could not be made ready. ")
    page.goto("/my-videos?status=failed")
    row = page.locator(".mine-row", has_text="minutes").first
    expect(row).to_contain_text(said)
    lecturer.check_accessibility()
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("heading", name="minutes")).to_have_count(0)


FURTHEST = """() => {
  const video = document.querySelector("video");
  window.furthest = video.currentTime;
  video.addEventListener("timeupdate", () => {
    window.furthest = Math.max(window.furthest, video.currentTime);
  });
  video.addEventListener("emptied", () => (window.tookOver = true));
}"""


@pytest.mark.deep
def test_a_film_is_watched_while_it_is_still_being_made(lecturer: Visitor, long_film: Path):
    page = lecturer.open("/upload")
    choose(page, long_film)
    already = page.get_by_role("link", name="Watch what is there")
    expect(already).to_be_visible(timeout=PATIENCE_S * 1000)
    already.click()
    expect(page.get_by_text("Later parts are still being made")).to_be_visible()
    play(page)
    page.evaluate(FURTHEST)
    lecturer.check_accessibility()
    gone = page.get_by_text("Later parts are still being made")
    expect(gone).to_be_hidden(timeout=PATIENCE_S * 1000)
    # the whole film takes over; while it does, the player is at no second
    wait_for_second(page, "window.tookOver && video.readyState > 2 && !video.seeking")
    assert second_of(page) > page.evaluate("furthest") - 2  # it did not begin again
