"""What a viewer can do with a film, and what a browser remembers."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.videos.player_steps import (
    pick,
    play,
    player_of,
    second_of,
    wait_for_second,
)

pytestmark = pytest.mark.deep


@pytest.fixture
def viewer(make_visitor) -> Visitor:
    """Somebody who is not signed in."""
    return make_visitor(viewport=DESKTOP)


def test_a_quality_is_chosen_while_it_plays(viewer: Visitor, lecture: int):
    page = viewer.open(f"/video?id={lecture}")
    play(page)
    before = second_of(page)
    pick(page, "Quality", "240p")
    for height in (240, 360):
        pick(page, "Quality", f"{height}p")
        ours = f"video.currentSrc.startsWith('blob:') && video.videoHeight === {height}"
        wait_for_second(page, f"{ours} && video.currentTime > begun", before)
    viewer.check_accessibility()


@pytest.mark.parametrize("native", [True, False], ids=["browser", "library"])
def test_play_and_a_jump_count_before_the_film_is_there(
    viewer: Visitor, lecture: int, native: bool
):
    page = viewer.page
    if not native:  # hls.js is for browsers that cannot play playlists by themselves
        page.add_init_script("HTMLMediaElement.prototype.canPlayType = () => ''")
    held: list[Route] = []
    page.route(re.compile(rf"/api/stream/{lecture}\?"), lambda route: held.append(route))
    viewer.open(f"/video?id={lecture}")
    page.get_by_role("button", name="Play", exact=True).click()
    player_of(page).focus()
    page.keyboard.press("ArrowRight")
    wait_for_second(page, "!video.paused && video.currentTime === 5")
    for route in held:
        route.continue_()
    wait_for_second(page, "!video.paused && video.currentTime > 5.5")
    ours = page.evaluate("document.querySelector('video').currentSrc.startsWith('blob:')")
    assert ours is not native


def test_a_jump_right_after_play_lands_and_plays_on(viewer: Visitor, lecture: int):
    page = viewer.open(f"/video?id={lecture}")
    page.get_by_role("button", name="Play", exact=True).click()
    player_of(page).focus()
    page.keyboard.press("ArrowRight")
    wait_for_second(page, "!video.paused && !video.seeking && video.currentTime > 5.5")


def test_speed_up_to_three_is_kept_for_the_next_film(viewer: Visitor, lecture: int):
    page = viewer.open(f"/video?id={lecture}")
    pick(page, "Speed", "3×")
    play(page)
    assert page.evaluate("document.querySelector('video').playbackRate") == 3
    page.reload()
    expect(page.get_by_role("button", name="Speed: 3×")).to_be_visible()


def test_a_link_opens_at_its_second_and_a_visit_goes_on_where_it_stopped(
    viewer: Visitor, lecture: int
):
    page = viewer.open(f"/video?id={lecture}&t=0m6s")
    play(page)
    assert second_of(page) >= 6
    wait_for_second(page, "video.currentTime > 6")
    player_of(page).focus()
    page.keyboard.press("k")
    stopped = second_of(page)
    page.goto(f"/video?id={lecture}")
    expect(page.get_by_text("where you stopped")).to_be_visible()
    wait_for_second(page, "Math.abs(video.currentTime - begun) < 1", stopped)
    page.get_by_role("button", name="From the start").click()
    wait_for_second(page, "!video.paused && video.currentTime < 4")


def test_who_is_signed_in_goes_on_at_another_device(make_visitor, lecturer: Visitor, lecture: int):
    page = lecturer.open(f"/video?id={lecture}&t=0m6s")
    expect(page.locator("video")).to_have_js_property("error", None)
    # slowly, so that it is not over before it is stopped
    page.evaluate("document.querySelector('video').playbackRate = 0.2")
    play(page)
    wait_for_second(page, "video.currentTime > 6.2")  # beyond where the address leads
    told = lambda answer: answer.request.method == "PUT" and "/position" in answer.url  # noqa: E731
    with page.expect_response(told) as noted:
        player_of(page).focus()
        page.keyboard.press("k")
    assert noted.value.ok
    stopped = second_of(page)
    assert "videos.watched" not in str(page.evaluate("Object.keys(localStorage)"))
    phone = make_visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    phone.context.add_cookies(lecturer.context.cookies())
    page = phone.open("/watch")
    card = page.locator(f'.video-card[data-id="{lecture}"]')
    expect(card).to_contain_text("% watched")
    card.get_by_role("link", name="Rotation in the plane").click()
    expect(page.get_by_text("where you stopped")).to_be_visible()
    wait_for_second(page, "Math.abs(video.currentTime - begun) < 1", stopped)


def test_captions_show_and_the_transcript_jumps(viewer: Visitor, lecture: int):
    page = viewer.open(f"/video?id={lecture}")
    pick(page, "Captions", "English")
    wait_for_second(page, "[...video.textTracks].some(one => one.mode === 'showing')")
    page.get_by_label("Search the transcript").fill("circle")
    found = page.locator(".cue")
    expect(found).to_have_count(1)
    found.click()
    wait_for_second(page, "!video.paused && video.currentTime > 9")
    shown = "[...video.textTracks].find(one => one.mode === 'showing').activeCues"
    wait_for_second(page, f"{shown}[0]?.text.includes('circle')")
    page.get_by_role("button", name="Clear the search").click()
    expect(page.locator(".cue[aria-current]")).to_contain_text("circle")
    viewer.check_accessibility()


def test_keys_count_only_with_the_focus_in_the_player(viewer: Visitor, lecture: int):
    page = viewer.open(f"/video?id={lecture}")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.locator("main").focus()
    page.keyboard.press("m")
    assert not page.evaluate("document.querySelector('video').muted")
    player_of(page).focus()
    page.keyboard.press("m")
    wait_for_second(page, "video.muted")
    page.keyboard.press("ArrowRight")
    wait_for_second(page, "video.currentTime >= 5")
    page.get_by_role("slider", name="Position").focus()
    page.keyboard.press("ArrowLeft")
    wait_for_second(page, "video.currentTime < 1")


def test_a_grant_that_ends_is_renewed_at_the_same_second(caretaker: Visitor, viewer: Visitor, own):
    page = viewer.open(f"/video?id={own.video_id}&key={own.key}")
    pick(page, "Quality", "240p")
    play(page)
    own.end_grants()  # every address of its media answers 403 from now on
    page.get_by_role("button", name="Pause", exact=True).click()
    player_of(page).focus()
    pick(page, "Quality", "Sound only")  # files that were not asked for yet
    page.get_by_role("button", name="Play", exact=True).click()
    wait_for_second(page, "!video.paused && video.currentTime > begun + 0.5", second_of(page))


def test_a_video_that_is_withdrawn_is_gone_for_who_watches(viewer: Visitor, own):
    page = viewer.open(f"/video?id={own.video_id}&key={own.key}")
    play(page)
    own.make_private()
    pick(page, "Quality", "Sound only")
    expect(page.get_by_role("heading", name="This video is not here")).to_be_visible()
    viewer.check_accessibility()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_has_the_transcript_as_a_tab(make_visitor, lecture: int, theme: str):
    phone = make_visitor(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme=theme)
    page = phone.open(f"/video?id={lecture}")
    page.get_by_role("tab", name="Transcript").click()
    expect(page.locator(".cue").first).to_be_visible()
    phone.check_accessibility()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]


def test_who_objects_to_a_video_is_asked_why_alone(make_visitor, lecture: int):
    page = make_visitor(viewport=PHONE, has_touch=True, is_mobile=True).open(f"/video?id={lecture}")
    page.get_by_role("link", name="Report this video").click()
    why = page.get_by_label("Describe it")
    expect(why).to_have_value(re.compile(rf"should not be here: .*id={lecture}\s+Because $"))
    why.fill("It shows a stranger")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Your report is sent")).to_be_visible()
