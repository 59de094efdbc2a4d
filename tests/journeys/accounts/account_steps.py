"""What the journeys of accounts do again and again, by the pages and the API alone."""

import re
import time

from playwright.sync_api import Page, expect
from pyotp.totp import TOTP

from quadrangle.kernel.ids import new_id
from tests.journeys.conftest import Visitor
from tests.running import Campus, wait_for

PASSWORD = "seven-calm-herons-42"
OTHER_PASSWORD = "nine-loud-magpies-17"
# Where no mail server is set, pages say so; the mail is in the outbox all the same.
MAIL_WRITTEN = re.compile("Look in your mail|No mail can be sent yet")
LINK = re.compile(r"https?://\S+?/(?:confirm|reset|invitation)#token=\S+")


def new_email(name: str = "ada") -> str:
    return f"{name}.{new_id()[:8]}@campus.example"


def mailed_link(campus: Campus, email: str, path: str) -> str:
    """Return the address below this site of the newest link to `path` mailed to `email`."""
    token = campus.sign_in()

    def found() -> str | None:
        answer = campus.call("GET", "/api/mail/outbox?limit=100", token=token)
        for mail in answer.json["mails"]:
            if mail["to"] != email:
                continue
            whole = campus.call("GET", f"/api/mail/outbox/{mail['mailId']}", token=token).json
            link = LINK.search(whole["text"])
            if link and f"{path}#" in link.group():
                return path + "#" + link.group().split("#", 1)[1]
        return None

    return wait_for(found, f"a mail to {email} with a link to {path}")


def sign_up(visitor: Visitor, email: str, name: str = "Ada", password: str = PASSWORD) -> None:
    page = visitor.open("/sign-up")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name=MAIL_WRITTEN)).to_be_visible()


def confirm(visitor: Visitor, email: str) -> None:
    page = visitor.open(mailed_link(visitor.server, email, "/confirm"))
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.get_by_role("heading", name="Your address is confirmed")).to_be_visible()


def enter(page: Page, email: str, password: str = PASSWORD) -> None:
    """Type address and password into the sign-in page and send them."""
    page.goto("/sign-in")
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def signed_in(page: Page) -> None:
    """Wait until the page has left the sign-in page for one that knows who is there."""
    page.wait_for_url(lambda url: "/sign-in" not in url)
    account = page.get_by_role("button", name="Account")
    expect(account.locator("visible=true").first).to_be_visible()


def member(visitor: Visitor, name: str = "Ada") -> str:
    """Open an account from scratch, sign in, and return its address."""
    email = new_email(name.lower())
    sign_up(visitor, email, name)
    confirm(visitor, email)
    enter(visitor.page, email)
    signed_in(visitor.page)
    return email


def part(page: Page, title: str):
    """Return the part of the account page under that heading."""
    return page.get_by_role("region", name=re.compile(f"^{title}"))


def set_up_app(page: Page, password: str = PASSWORD) -> tuple[TOTP, list[str]]:
    """Set an authenticator app up on the account page; return it and the recovery codes."""
    page.goto("/account")
    page.get_by_role("button", name="Set up an authenticator app").click()
    page.get_by_label("Your password", exact=True).fill(password)
    page.get_by_role("button", name="Continue").click()
    secret = page.get_by_role("dialog").locator("code").inner_text().replace(" ", "")
    app = TOTP(secret)
    page.get_by_label("Code the app shows now").fill(app.now())
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    codes = page.get_by_role("dialog").get_by_role("listitem").all_inner_texts()
    page.get_by_role("button", name="I have kept them").click()
    return app, codes


def next_code(app: TOTP) -> str:
    """Return a code that comes after the one used just now; clocks may differ by half a minute."""
    return app.at(int(time.time()) + 30)
