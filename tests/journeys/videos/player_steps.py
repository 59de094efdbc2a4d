"""What is done with the player, and what it does."""

from playwright.sync_api import Locator, Page, expect

from tests.running import wait_for


def second_of(page: Page) -> float:
    """At which second the film is."""
    return page.evaluate("document.querySelector('video').currentTime")


def play(page: Page) -> None:
    """Play from where it is, and see time pass."""
    expect(page.locator("video")).to_have_js_property("error", None)
    page.get_by_role("button", name="Play", exact=True).click()
    begun = "video.played.length > 0 && video.currentTime > begun + 0.5"
    wait_for_second(page, begun, second_of(page))


def wait_for_second(page: Page, condition: str, begun: float = 0) -> None:
    """Wait until a condition about `video` holds, and it waits for nothing."""
    held = f"(begun) => {{ const video = document.querySelector('video'); return {condition} }}"
    wait_for(lambda: page.evaluate(held, begun), condition, 60)


def wait_for_caption(page: Page, said: str) -> None:
    """Wait until the captions of the film have a text."""
    has = """(said) => [...document.querySelector('video').textTracks].some(
      (track) => [...(track.cues ?? [])].some((cue) => cue.text.includes(said)))"""
    wait_for(lambda: page.evaluate(has, said), f"the caption {said}", 60)


def pick(page: Page, menu: str, choice: str) -> None:
    """Choose from one of the player's menus."""
    page.get_by_role("button", name=menu).click()
    page.get_by_role("menuitemradio", name=choice, exact=True).click()


def player_of(page: Page) -> Locator:
    return page.locator("section.player")
