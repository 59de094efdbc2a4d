"""What holds on every page: nothing jumps, nothing is too wide, paper and forced colours count."""

import re

import pytest
from playwright.sync_api import Page, expect

from quadrangle.kernel.ids import new_id
from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.running import VISITED, wait_for

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 2
SMALL = {"width": 320, "height": 640}
LOW = {"width": 740, "height": 360}
ZOOMED = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    const nodes = entry.sources.map(({ node }) => node?.className ?? node?.nodeName);
    window.shifts.push([entry.value, nodes.join()]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
# Two frames later what was drawn last is measured, too.
SHIFTS = """() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(() =>
  setTimeout(() => tell(window.shifts.filter(([value]) => value > 0.005)), 100))))"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
COVERED = """() => {
  const toast = document.querySelector(".toast");
  const { left, right, top, bottom } = toast.getBoundingClientRect();
  return [...document.querySelectorAll("button, input, select, textarea")].filter((one) => {
    const box = one.getBoundingClientRect();
    return !toast.contains(one) && one.checkVisibility() && box.width > 1 &&
      box.left < right && box.right > left && box.top < bottom && box.bottom > top;
  }).map((one) => one.outerHTML);
}"""


@pytest.fixture
def admin(make_visitor):
    def make(**options) -> Visitor:
        visitor = make_visitor(**options)
        visitor.sign_in()
        return visitor

    return make


def settled(page: Page) -> None:
    """Wait until the page has what it asked for."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("main .skeleton")).to_have_count(0)


def at_once_and_late(visitor: Visitor) -> None:
    """Let answers of the API come after the page was painted, as they do over a slow line."""
    painted = "new Promise((go) => requestAnimationFrame(() => setTimeout(go, 150)))"

    def late(route) -> None:
        if route.request.frame.page.url != "about:blank":
            route.request.frame.evaluate(f"() => {painted}")
        route.continue_()

    visitor.context.route("**/api/**", late)


@pytest.mark.skipif(bool(VISITED), reason="pages are those of one machine, which is tried so")
@pytest.mark.parametrize("view", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/people", "/", "/api-keys", "/sign-in", "/outbox", "/track?id="])
def test_nothing_moves_when_answers_come_late(make_visitor, admin, view, path):
    visitor = (make_visitor if path == "/sign-in" else admin)(viewport=view)
    if path.endswith("="):
        path += visitor.server.report(name="Max")
    visitor.page.add_init_script(WATCH_SHIFTS)
    at_once_and_late(visitor)
    page = visitor.open(path)
    expect(page.locator("main h1")).not_to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SHIFTS) == []


@pytest.fixture(scope="module")
def long_words(server) -> dict[str, str]:
    """Addresses of pages about somebody and something with one unbroken word for a name."""
    token = server.sign_in()
    issue = server.report(location=LONG[:100], description=LONG * 3, name=LONG[:100])
    server.call("POST", f"/api/issues/{issue}/replies", {"text": LONG * 2})
    email = f"{new_id()}@campus.example"
    person = server.hire(token, email, "teacher", LONG[:100])
    return {
        "track": f"/track?id={issue}",
        "desk": f"/desk?issue={issue}",
        "list": "/desk",
        "person": f"/people?person={person['accountId']}",
        "people": "/people",
        "statistics": "/statistics",
        "outbox": "/outbox",
        "audit": "/audit",
    }


@pytest.mark.parametrize(
    "name", ["track", "desk", "list", "person", "people", "statistics", "outbox", "audit"]
)
def test_one_long_word_widens_no_page(admin, long_words, name):
    visitor = admin(viewport=SMALL)
    page = visitor.open(long_words[name])
    settled(page)
    assert page.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize("path", ["/", "/report", "/settings", "/desk", "/meet"])
def test_at_400_percent_no_page_scrolls_sideways(admin, path):
    visitor = admin(viewport=ZOOMED)
    page = visitor.open(path)
    settled(page)
    assert page.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize("view", [LOW, ZOOMED], ids=["landscape", "zoomed"])
def test_a_low_screen_is_left_to_the_content(admin, view):
    page = admin(viewport=view).open("/report")
    expect(page.get_by_role("heading", name="What is it about?")).to_be_in_viewport()
    places = page.get_by_role("navigation", name="Main")
    expect(places).not_to_be_in_viewport()
    places.get_by_role("link", name="Home").scroll_into_view_if_needed()
    expect(places).to_be_in_viewport()


def test_what_people_type_has_its_own_direction(admin):
    visitor = admin(viewport=DESKTOP)
    issue = visitor.server.report(description="المصباح مكسور في الغرفة 12!", name="محمد")
    page = visitor.open(f"/track?id={issue}")
    text = page.get_by_text("المصباح مكسور")
    expect(text).to_have_css("direction", "rtl")
    page.get_by_label("Write a reply").fill("شكرا")
    expect(page.get_by_label("Write a reply")).to_have_css("direction", "rtl")
    expect(page.get_by_role("heading", name="Conversation")).to_have_css("direction", "ltr")


@pytest.mark.parametrize("path", ["/track?id=", "/desk?issue="])
def test_a_printed_report_is_a_work_order(admin, path):
    visitor = admin(viewport={"width": 690, "height": 980}, color_scheme="dark")
    issue = visitor.server.report(location="Hall 7", description="The lamp flickers", name="Max")
    visitor.server.call("POST", f"/api/issues/{issue}/replies", {"text": "Third from the door"})
    page = visitor.open(path + issue)
    expect(page.get_by_text("Third from the door")).to_be_visible()
    expect(page.get_by_text("Work order")).to_be_hidden()
    page.emulate_media(media="print")
    for told in ["Work order", "Hall 7", "The lamp flickers", "Third from the door", "Done on"]:
        expect(page.get_by_text(told).locator("visible=true").first).to_be_visible()
    expect(page.get_by_text(f"{path}{issue}").locator("visible=true")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator("textarea").locator("visible=true")).to_have_count(0)
    expect(page.locator("main summary").locator("visible=true")).to_have_count(0)
    buttons = page.locator("main").get_by_role("button").locator("visible=true")
    expect(buttons).to_have_text(["Open"] if "desk" in path else [])
    expect(page.locator("html")).to_have_css("color-scheme", "light")
    assert page.evaluate(TOO_WIDE) <= 0


def test_forced_colours_show_what_is_chosen(admin):
    visitor = admin(viewport=DESKTOP, forced_colors="active")
    issue = visitor.server.report()
    page = visitor.open(f"/desk?issue={issue}")
    status = page.locator(".detail").get_by_role("group", name="Status")
    chosen = status.get_by_role("button", pressed=True)
    other = status.get_by_role("button", pressed=False).first
    expect(chosen).to_have_text("Open")
    looks = "(one) => getComputedStyle(one).backgroundColor"
    assert chosen.evaluate(looks) != other.evaluate(looks)
    here = page.get_by_role("navigation", name="Main").locator("[aria-current=page]")
    assert here.evaluate(looks) == chosen.evaluate(looks)
    visitor.check_accessibility()


@pytest.mark.parametrize("view", [DESKTOP, PHONE, SMALL], ids=["desk", "phone", "small"])
def test_a_toast_covers_no_button_and_ends_once(admin, view):
    visitor = admin(viewport=view)
    issue = visitor.server.report()
    page = visitor.open(f"/desk?issue={issue}")
    expect(page.get_by_label("Your internal note")).to_be_visible()  # else a chip is the last one
    page.get_by_role("button", name="In progress", exact=True).last.click()
    toast = page.locator(".toast")
    expect(toast.locator("p")).to_have_text(re.compile(r"[^.]\.$"))
    wait_for(lambda: page.evaluate(COVERED) == [], "a toast that covers nothing")
    spoken = page.get_by_role("status").filter(has_text="Undo: z")
    expect(spoken).to_have_text(re.compile(r"[^.]\. Undo: z$"))
    toast.hover()  # it stays while one points at it
    page.get_by_role("button", name="Send reply to reporter").scroll_into_view_if_needed()
    wait_for(lambda: page.evaluate(COVERED) == [], "a toast that covers nothing")


def test_the_title_tells_of_errors_and_of_the_question(make_visitor):
    page = make_visitor(viewport=PHONE).open("/report")
    expect(page).to_have_title("What is it about? Question 1 of 4 – Quadrangle")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_have_text("Choose what it is about.")  # and only once
    expect(page).to_have_title("Error: What is it about? Question 1 of 4 – Quadrangle")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title("Where is it? Question 2 of 4 – Quadrangle")


def test_error_headings_are_one(make_visitor):
    page = make_visitor(viewport=DESKTOP).open("/sign-in")
    page.get_by_role("textbox", name="E-mail").fill("nobody@campus.example")
    page.get_by_label("Password", exact=True).fill("a wrong password")
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page).to_have_title("Error: Sign in – Quadrangle")


def test_the_message_of_a_wrong_address_stands_once(make_visitor):
    visitor = make_visitor(viewport=PHONE)
    page = visitor.open("/track")
    page.get_by_label("Issue id").fill("not an id")
    page.get_by_role("button", name="Track it").click()
    expect(page.get_by_text("This is not an issue id.")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("This is not an issue id.")
    expect(page.get_by_label("Issue id")).to_be_focused()
    visitor.check_accessibility()


@pytest.mark.parametrize("view", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_link_with_type_and_place_begins_at_what_is_wrong(make_visitor, view):
    page = make_visitor(viewport=view).open("/report?type=Network&location=Library")
    question = page.get_by_role("heading", name="What is wrong?")
    expect(question).to_be_in_viewport()
    expect(page.get_by_label("Building or place")).to_have_value("Library")
    if view == PHONE:
        expect(page.get_by_role("heading", name="What is it about?")).to_be_hidden()
        page.get_by_role("button", name="Back").click()
        expect(page.get_by_role("heading", name="Where is it?")).to_be_visible()


SHORTEN = """([names, most]) => import("/js/issues/statistics/short-names.js").then(
  ({ shortNames }) => shortNames(names, (text) => text.length <= most)
)"""


@pytest.mark.parametrize(
    "names",
    [
        ["Library"],
        ["Main building, floor 1", "Main building, floor 2", "Main building, floor 12"],
        ["Laboratory of physics A, east wing", "Laboratory of physics B, east wing"],
        ["Hall of residence north", "Hall of residence", "Hall of residence south"],
    ],
)
def test_cut_names_still_differ(make_visitor, names):
    page = make_visitor(viewport=DESKTOP).open("/")
    shown = page.evaluate(SHORTEN, [names, 14])
    assert len(set(shown)) == len(names)
    assert all(len(name) <= 14 for name in shown)


def test_statistics_say_when_there_is_nothing_to_draw(admin):
    visitor = admin(viewport=DESKTOP)
    empty = {"count": 0, "medianHours": None, "p90Hours": None, "withinTarget": None}
    told = {
        **{"days": 90, "from": "2026-01-01", "to": "2026-03-31", "reported": 1, "resolved": 0},
        **{"open": {"OPEN": 1, "IN_PROGRESS": 0}, "resolution": empty, "byLocation": []},
        "perDay": [{"day": "2026-03-30", "reported": 1, "resolved": 0}],
        "byType": [
            {"name": "Network", "reported": 1, "resolved": 0, "unresolved": 1}
            | {"medianHours": None, "p90Hours": None, "targetHours": 24}
        ],
    }
    visitor.page.route("**/api/issues/statistics?*", lambda route: route.fulfill(json=told))
    page = visitor.open("/statistics")
    nothing = page.get_by_text("There is nothing to draw for these days.")
    expect(nothing).to_have_count(2)  # places, and the time to resolution
    visitor.check_accessibility()


def test_a_second_visit_asks_for_no_script_again(make_visitor):
    visitor = make_visitor(viewport=DESKTOP)
    page = visitor.open("/track")
    settled(page)
    browser = visitor.context.new_cdp_session(page)
    browser.send("Network.enable")
    answers: list[dict] = []
    kept: set[str] = set()
    browser.on("Network.responseReceived", lambda told: answers.append(told))
    browser.on("Network.requestServedFromCache", lambda told: kept.add(told["requestId"]))
    page.goto("/report")
    settled(page)
    page.goto("/track")
    settled(page)
    answers.clear()
    page.goto("/report")
    settled(page)
    sent = [
        each["response"]["url"]
        for each in answers
        if each["requestId"] not in kept and not each["response"].get("fromDiskCache")
    ]
    assert [url for url in sent if re.search(r"/(js|css|img|vendor)/", url)] == []
    assert any(url.endswith("/report") for url in sent)  # what changes is asked for
