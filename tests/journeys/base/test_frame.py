"""The frame around every page: places by role and screen, and the theme."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE
from tests.running import HAS_VIDEOS

LIGHT, DARK = "rgb(247, 245, 240)", "rgb(21, 25, 23)"
MEET = ["Meet", "Watch"] if HAS_VIDEOS else ["Meet"]
FIND_PLACES = """([role, services, places]) => import("/js/frame/places.js").then(
  ({ placesFor }) => placesFor(role, services, places)
)"""


def shown(page: Page) -> list[str]:
    """What the main navigation offers on this screen, in order."""
    nav = page.get_by_role("navigation", name="Main")
    expect(nav.get_by_role("link", name="Home")).to_be_visible()
    return [one.inner_text() for one in nav.locator("a, button").all() if one.is_visible()]


def wait_for_meet(page: Page) -> None:
    """Which services there are, a first visit hears after the frame is drawn."""
    expect(page.get_by_role("link", name="Meet", exact=True)).to_be_visible()


@pytest.fixture
def on_a_phone(make_visitor):
    return make_visitor(viewport=PHONE, has_touch=True, is_mobile=True)


def test_anyone_has_a_few_tabs_on_a_phone(on_a_phone):
    page = on_a_phone.open("/report")
    wait_for_meet(page)
    assert shown(page) == ["Home", "Report", "Track", *MEET]
    expect(page.get_by_role("link", name="Report", exact=True)).to_have_attribute(
        "aria-current", "page"
    )


def test_staff_finds_the_rest_under_more(on_a_phone):
    on_a_phone.sign_in()
    page = on_a_phone.open("/")
    expect(page.get_by_role("link", name="Desk")).to_be_visible()
    wait_for_meet(page)
    assert shown(page) == ["Home", "Desk", *MEET, "More"]
    page.get_by_role("button", name="More").click()
    under_more = page.locator("#frame-more").get_by_role("link")
    rest = ["Report", "Track", "Statistics", "Outbox", "People", "Settings"]
    expect(under_more).to_have_text(rest)
    on_a_phone.check_accessibility()
    under_more.filter(has_text="Statistics").click()
    expect(page).to_have_url(on_a_phone.server.base + "/statistics")


def test_staff_has_everything_in_the_rail(caretaker):
    page = caretaker.open("/")
    expect(page.get_by_role("link", name="Desk")).to_be_visible()
    wait_for_meet(page)
    assert shown(page) == [
        *("Home", "Report", "Track", "Desk", *MEET, "Statistics", "Outbox", "People", "Settings"),
        *("Theme", "Account"),
    ]
    page.get_by_role("button", name="Account").click()
    expect(page.locator("#frame-account").get_by_role("link")).to_have_text(
        ["My account", "API keys", "Audit"]
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [("/book", "Meet"), ("/meeting", "Meet"), *([("/upload", "Watch")] if HAS_VIDEOS else [])],
)
def test_a_page_shows_which_place_it_belongs_to(on_a_phone, path, name):
    page = on_a_phone.open(path)
    nav = page.get_by_role("navigation", name="Main")
    expect(nav.get_by_role("link", name=name)).to_have_attribute("aria-current", "true")
    expect(nav.locator("[aria-current]")).to_have_count(1)


def place(name: str, **more: Any) -> dict[str, Any]:
    roles = ["student"]
    return {"path": f"/{name}", "icon": "house", "label": name, "roles": roles, **more}


def tabs_and_more(page: Page, services: list[str], places: list[Any]) -> tuple[list[str], ...]:
    found = page.evaluate(FIND_PLACES, ["student", services, places])
    return tuple([one["label"] for one in found[part]] for part in ("tabs", "more"))


def test_a_service_that_is_switched_off_has_no_place(on_a_phone):
    page = on_a_phone.open("/")
    tab = {"tabs": ["student"]}
    places = [place("home", **tab), place("meet", **tab, service="meetings")]
    assert tabs_and_more(page, [], places) == (["home"], [])
    assert tabs_and_more(page, ["watch"], places) == (["home"], [])
    assert tabs_and_more(page, ["watch", "meetings"], places) == (["home", "meet"], [])


def test_there_is_never_a_sixth_tab(on_a_phone):
    page = on_a_phone.open("/")
    six = [place(name, tabs=["student"]) for name in "abcdef"]
    assert tabs_and_more(page, [], six[:5]) == (["a", "b", "c", "d", "e"], [])
    assert tabs_and_more(page, [], six) == (["a", "b", "c", "d"], ["e", "f"])
    rest = place("g")
    assert tabs_and_more(page, [], [*six[:3], rest]) == (["a", "b", "c"], ["g"])
    assert tabs_and_more(page, [], [*six[:5], rest]) == (["a", "b", "c", "d"], ["e", "g"])
    assert tabs_and_more(page, [], [{**six[0], "roles": ["staff"]}, rest]) == ([], ["g"])


def test_a_theme_that_was_chosen_holds_against_the_systems(make_visitor):
    visitor = make_visitor(viewport=PHONE, color_scheme="light")
    page = visitor.open("/")

    def choose_next(now: str) -> None:
        page.get_by_role("button", name=f"Theme: {now}").click()

    def expect_surface(colour: str) -> None:
        expect(page.locator("html")).to_have_css("background-color", colour)

    expect_surface(LIGHT)
    choose_next("as the system")
    choose_next("light")
    expect_surface(DARK)
    page.reload()
    expect_surface(DARK)
    visitor.check_accessibility()
    choose_next("dark")
    expect_surface(LIGHT)
    page.emulate_media(color_scheme="dark")
    expect_surface(DARK)
    choose_next("as the system")
    expect_surface(LIGHT)
