"""What an owner does with a video that is there: links with passwords, times."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor
from tests.journeys.videos.conftest import PATIENCE_S, upload, wait_for

PASSWORD = "rotation of bodies"


@pytest.mark.smoke
def test_a_link_with_a_password_is_made_followed_and_revoked(
    caretaker: Visitor, student: Visitor, own
):
    own.make_private()
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
    times.get_by_role("button", name="From: Clear").click()
    times.get_by_role("button", name="Save the times").click()
    expect(times.get_by_role("alert")).to_have_count(0)
    page.wait_for_timeout(500)
    guest.reload()
    expect(guest.get_by_role("heading", level=1)).to_have_text("For the course")


@pytest.mark.smoke
def test_staff_has_a_failed_video_tried_again(caretaker: Visitor, not_a_film):
    token = caretaker.server.sign_in()
    video_id = upload(caretaker.server, token, not_a_film, title="Minutes")
    wait_for(caretaker.server, token, video_id, "failed")
    page = caretaker.open("/video-operation")
    row = page.locator(f".queue-row[data-id='{video_id}']")
    expect(row).to_contain_text("Minutes")
    caretaker.check_accessibility()
    row.get_by_role("button", name="Try again: Minutes").click()
    expect(page.get_by_text("It waits for its turn again.").first).to_be_visible()
    caretaker.open("/watch").get_by_role("link", name="Processing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Video processing")


@pytest.mark.deep
def test_staff_gives_back_what_is_taken_down(caretaker: Visitor, own):
    token = caretaker.server.sign_in()
    path = f"/api/gallery/videos/{own.video_id}"
    reason = {"reason": "It names a patient."}
    assert caretaker.server.call("POST", f"{path}/take-down", reason, token=token).status == 200
    page = caretaker.open("/video-operation")
    row = page.get_by_role("region", name="Taken down").get_by_role("listitem")
    row = row.filter(has=page.get_by_role("link", name="For the course"))
    expect(row).to_contain_text("Why: It names a patient.")
    caretaker.check_accessibility()
    row.get_by_role("link", name="For the course").click()
    expect(page.get_by_text("It names a patient.")).to_be_visible()
    page.go_back()
    row.get_by_role("button", name="Give it back: For the course").click()
    expect(page.get_by_text("It is given back.").first).to_be_visible()
    expect(row).to_have_count(0)
    assert caretaker.server.call("GET", path, token=token).json["taken_down"] is None


@pytest.mark.deep
def test_a_film_is_cut_on_the_page_and_replaced(caretaker: Visitor, own, not_a_film):
    page = caretaker.open(f"/manage-video?id={own.video_id}")
    film = page.get_by_role("region", name="The film")
    film.get_by_role("button", name="Cut the film").click()
    film.get_by_label("Begins at", exact=True).fill("0:02")
    expect(film.get_by_text("0:12 of 0:14 are left.")).to_be_visible()
    film.get_by_role("button", name="Cut out a part").click()
    cut = film.get_by_role("group", name="Cut out")
    cut.get_by_label("From", exact=True).fill("5")
    cut.get_by_label("To", exact=True).fill("4")
    film.get_by_role("button", name="Make the new film").click()
    expect(film.get_by_role("alert")).to_contain_text("each end after its beginning")
    caretaker.check_accessibility()
    cut.get_by_label("To", exact=True).fill("0:08.5")
    expect(film.get_by_text("0:08 of 0:14 are left.")).to_be_visible()
    film.get_by_role("button", name="Make the new film").click()
    expect(film).to_contain_text("A new film is being made")
    expect(film).to_contain_text("0:08 long, of 0:14", timeout=90_000)
    caretaker.check_accessibility()
    with page.expect_file_chooser() as chosen:
        film.get_by_text("Choose another film").click()
    chosen.value.set_files(not_a_film)
    expect(film).to_contain_text("could not be made", timeout=60_000)
    expect(film.get_by_role("button", name="Bring back all of it")).to_be_visible()


@pytest.mark.deep
def test_the_code_for_another_page_is_written_where_pages_elsewhere_may_have_players(
    caretaker: Visitor, lecture: int
):
    def with_origins(route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "embed_origins": ["*"]})

    caretaker.page.route("**/api/gallery/options", with_origins)
    page = caretaker.open(f"/manage-video?id={lecture}")
    offer = page.get_by_role("region", name="Downloads and other pages")
    offer.get_by_label("Other pages may show the player").check()
    code = offer.locator(".embed-code")
    expect(code).to_have_value(re.compile(r'^<iframe style="border:0" src=".*</iframe>$'))
    caretaker.check_accessibility()


@pytest.mark.smoke
def test_a_player_elsewhere_is_offered_and_shows_the_film(
    caretaker: Visitor, student: Visitor, lecture: int
):
    page = caretaker.open(f"/manage-video?id={lecture}")
    offer = page.get_by_role("region", name="Downloads and other pages")
    offer.get_by_label("What may be downloaded").select_option("film")
    expect(offer).to_contain_text("switched off on this server")
    offer.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    caretaker.check_accessibility()
    guest = student.open(f"/embed/{lecture}")
    player = guest.get_by_role("region", name=re.compile("Rotation"))
    expect(player).to_be_visible()
    student.check_accessibility()
    expect(guest.get_by_role("link", name=re.compile("on its own page"))).to_be_visible()
    student.open("/embed")
    expect(guest.get_by_text("This video is not here, or not for everybody.")).to_be_visible()
    page.goto(f"/video?id={lecture}")
    film = page.get_by_role("link", name="Download the film")
    expect(film).to_be_visible(timeout=PATIENCE_S * 1000)
