"""A page's cookie lives a quarter of an hour; people stay signed in."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.accounts.account_steps import MAIL_WRITTEN, new_email
from tests.journeys.conftest import DESKTOP
from tests.running import ADMIN_EMAIL, ADMIN_PASSWORD, wait_for

SHORT = "quadrangle_session"


def cookies(context: BrowserContext) -> set[str]:
    return {cookie.get("name", "") for cookie in context.cookies()}


def wait_until_renewed(page: Page) -> None:
    """A page that was opened on a sign-in it has noted nothing of renews that first."""
    noted = "Number(localStorage.getItem('quadrangle.freshUntil')) > Date.now()"
    # Playwright's own waiting evaluates texts in the page, which our content policy refuses
    wait_for(lambda: page.evaluate(noted), "the sign-in to be renewed")


def lose(page: Page, *names: str) -> None:
    """Remove cookies, these alone: clear_cookies takes all away and then gives the others back."""
    wait_until_renewed(page)
    browser = page.context.new_cdp_session(page)
    for cookie in page.context.cookies():
        if cookie.get("name") in names:
            browser.send(
                "Network.deleteCookies",
                {part: cookie.get(part, "") for part in ("name", "domain", "path")},
            )
    browser.detach()
    assert not cookies(page.context) & set(names)


def test_a_page_whose_short_cookie_is_gone_goes_on(caretaker):
    page = caretaker.open("/desk")
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
    lose(page, SHORT)
    page.goto("/settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    assert SHORT in cookies(caretaker.context)


def test_what_a_page_was_about_to_send_is_sent_as_the_same_person(caretaker):
    issue_id = caretaker.server.report(description="The door sticks")
    page = caretaker.open(f"/desk?issue={issue_id}")
    expect(page.get_by_label("Your public reply")).to_be_visible()
    lose(page, SHORT)
    page.get_by_label("Your public reply").fill("We bring a plane")
    page.get_by_role("button", name="Send reply to reporter").click()
    expect(page.get_by_text("We bring a plane").first).to_be_visible()
    expect(page.get_by_label("Your public reply")).to_have_value("")
    thread = caretaker.server.call("GET", f"/api/issues/{issue_id}/conversation").json
    assert [entry["authorRole"] for entry in thread["entries"]] == ["staff"]


def test_two_tabs_refresh_once(caretaker):
    asked: list[str] = []
    caretaker.context.on(
        "request", lambda sent: asked.append(sent.url) if "accounts/refresh" in sent.url else None
    )
    first, second = caretaker.open("/desk"), caretaker.context.new_page()
    second.goto("/statistics")
    expect(first.get_by_role("heading", name="Desk")).to_be_visible()
    expect(second.get_by_role("heading", level=1).first).to_be_visible()
    # by the page's own modules: those at another address would be a second page in each tab
    own = "document.querySelector('script[type=module][src*=\"/js/\"]').src.split('/js/')[0]"
    ask = (
        f"import({own} + '/js/base/api.js').then(({{ api }}) => api.get('/get-all-issues'))"
        ".then((a) => a.count)"
    )
    for page in (first, second):
        # each has renewed if it had to: the answer to a renewal would bring the lost cookie back
        assert page.evaluate(ask) >= 0
    lose(first, SHORT)  # which waits for a renewal that is under way
    asked.clear()
    first.evaluate(f"() => {{ window.told = {ask}; }}")
    second.evaluate(f"() => {{ window.told = {ask}; }}")
    assert first.evaluate("() => window.told") >= 0
    assert second.evaluate("() => window.told") >= 0
    assert len(asked) == 1, "one tab refreshes for both"


def test_it_is_renewed_before_the_short_cookie_runs_out(caretaker):
    page = caretaker.open("/desk")
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
    wait_until_renewed(page)
    page.evaluate("localStorage.setItem('quadrangle.freshUntil', String(Date.now() + 5_000))")
    with page.expect_request("**/api/accounts/refresh"):
        page.goto("/statistics")


def test_a_sign_in_that_ended_asks_again_and_keeps_what_was_typed(caretaker):
    issue_id = caretaker.server.report(description="The lamp flickers")
    page = caretaker.open(f"/desk?issue={issue_id}")
    page.get_by_label("Your public reply").fill("We come tomorrow")
    page.wait_for_timeout(600)  # drafts are saved a moment after typing
    # nothing asks for news until the reply is sent, else that would find out first
    page.route(
        "**/api/**",
        lambda asked: asked.abort() if asked.request.method == "GET" else asked.continue_(),
    )
    lose(page, SHORT, "quadrangle_refresh")
    page.get_by_role("button", name="Send reply to reporter").click()
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    page.unroute_all()
    page.reload()
    page.get_by_label("E-mail", exact=True).fill(ADMIN_EMAIL)
    page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(f"/desk\\?issue={issue_id}"))
    expect(page.get_by_label("Your public reply")).to_have_value("We come tomorrow")


def test_signing_in_by_the_keyboard_alone(make_visitor):
    visitor = make_visitor(viewport=DESKTOP)
    page = visitor.open("/sign-in")
    expect(page.get_by_label("E-mail", exact=True)).to_be_visible()
    page.get_by_label("E-mail", exact=True).focus()
    page.keyboard.type(ADMIN_EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(ADMIN_PASSWORD)
    page.keyboard.press("Tab")  # the button that shows what is typed
    page.keyboard.press("Space")
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/desk"))


def test_what_went_wrong_at_an_outside_issuer_is_told(student):
    told = {
        "denied": "broken off at the other service",
        "expired": "took too long",
        "not-verified": "has not verified your e-mail address",
        "unknown-account": "An administrator can invite you",
        "disabled": "switched off",
        "issuer-away": "does not answer",
        "no-such-code": "did not work. Please try again",
    }
    for code, words in told.items():
        student.open("about:blank")  # else only what is behind # would change
        page = student.open(f"/sign-in#problem={code}")
        expect(page.get_by_role("alert")).to_contain_text(words)
        expect(page).to_have_url(re.compile("/sign-in$"))  # coming back, it is not told again
    student.check_accessibility()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        *("/sign-in", "/sign-in?with=pin", "/sign-up", "/forgot", "/confirm", "/confirm#token=x"),
        *("/reset", "/reset#token=x", "/invitation", "/invitation#token=x"),
    ],
)
def test_account_pages_are_accessible(make_visitor, path, scheme):
    visitor = make_visitor(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = visitor.open(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    visitor.check_accessibility()
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0, "the page scrolls sideways"


def test_an_address_nobody_has_gets_the_same_answer(student):
    page = student.open("/forgot")
    page.get_by_label("E-mail").fill(new_email("nobody"))
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name=MAIL_WRITTEN)).to_be_visible()
