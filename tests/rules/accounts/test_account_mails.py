"""The mails about accounts: whom they go to, what they say, what their links open."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quadrangle.accounts import mails
from quadrangle.accounts.joining.links import AccountLinks
from quadrangle.accounts.joining.model import Purpose
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.reactions import AccountReactions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock, zone_of
from quadrangle.kernel.mail import Mail
from quadrangle.kernel.principal import Role
from quadrangle.mail.message import compose, parse_sender
from quadrangle.portable.tokens.link_tokens import JwtLinkTokens
from tests.account_desk import ISSUER, KEY
from tests.account_post import Page, link_in, token_in
from tests.properties import examples

ID = "6f1c1b4e-0f0e-4c0e-8a3f-0d1f2b3c4d5e"
BO, NEW = "bo@campus.example", "quill@campus.example"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AT = "2026-11-21T09:30:00.000Z"
CLOCK = ManualClock(NOW)
LINKS = AccountLinks(JwtLinkTokens(lambda: [KEY], ISSUER, CLOCK), ISSUER, CLOCK)
ACCOUNT = Account(ID, BO, "Bo Quill", Role.TEACHER, AT, new_email=NEW)


def change(kind: str = "account.changed", **data) -> Change:
    return Change(kind, ID, data, "Someone", AT, origin="192.0.2.1", seq=7)


def every_mail(account: Account = ACCOUNT) -> dict[str, Mail]:
    about = change()
    return {
        "confirm": mails.confirm(account, about, LINKS),
        "choose": mails.choose(account, about, LINKS),
        "reset": mails.reset(account, about, LINKS),
        "invitation": mails.invitation(account, about, LINKS),
        "new_address": mails.new_address(account, about, LINKS),
        "known": mails.known(account, about, LINKS),
        "address_asked": mails.address_asked(account, about, LINKS),
        "password_changed": mails.password_changed(account, about, LINKS),
        "factor_changed": mails.factor_changed(account, about, LINKS),
        "token_reused": mails.token_reused(account, about, LINKS),
        "closed": mails.closed(account, about, LINKS),
    }


OCCASIONS = list(every_mail())
OPENING = {
    "confirm": ("/confirm", Purpose.CONFIRM, "24 November 2026, 09:30 UTC"),
    "choose": ("/reset", Purpose.RESET, "21 November 2026, 10:30 UTC"),
    "reset": ("/reset", Purpose.RESET, "21 November 2026, 10:30 UTC"),
    "invitation": ("/invitation", Purpose.INVITATION, "28 November 2026, 09:30 UTC"),
    "new_address": ("/confirm", Purpose.NEW_ADDRESS, "22 November 2026, 09:30 UTC"),
}
PAGES = {
    "known": "/sign-in",
    "address_asked": "/reset",
    "password_changed": "/reset",
    "factor_changed": "/account",
    "token_reused": "/account",
}


@pytest.mark.parametrize("occasion", OPENING)
def test_a_link_opens_what_the_mail_says_until_then(occasion):
    mail = every_mail()[occasion]
    path, purpose, until = OPENING[occasion]
    assert LINKS.read(token_in(mail, path), purpose).is_for(ACCOUNT)
    for shown in (" ".join(mail.text.split()), Page(mail.html).text):
        assert until in shown


@pytest.mark.parametrize("occasion", PAGES)
def test_a_note_opens_nothing_and_shows_where_to_go(occasion):
    assert link_in(every_mail()[occasion]) == ISSUER + PAGES[occasion]


def test_the_last_mail_has_no_link():
    assert Page(every_mail()["closed"].html).links == set()


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_every_mail_is_private_and_for_its_reader(occasion):
    mail = every_mail()[occasion]
    assert mail.private
    assert mail.to == (NEW if occasion == "new_address" else BO)
    assert mail.key == f"{occasion}:{ID}:7:{mail.to}"
    assert every_mail()[occasion] == mail  # written again, it is the same


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_text_and_html_say_the_same(occasion):
    mail = every_mail()[occasion]
    page = Page(mail.html).text
    body = mail.text.partition("\n-- \n")[0]
    for paragraph in body.split("\n\n")[1:]:
        words = " ".join(paragraph.split())
        if "https://" not in words:
            assert words in page
    assert "Bo Quill" in page
    assert "{" not in mail.text
    assert "\n\n\n" not in mail.text


@pytest.mark.parametrize("occasion", ["address_asked", "password_changed", "factor_changed"])
def test_notes_say_when_and_from_where(occasion):
    for shown in (every_mail()[occasion].text, Page(every_mail()[occasion].html).text):
        words = " ".join(shown.split())
        assert "21 November 2026, 09:30 UTC, from the network address 192.0.2.1" in words


@settings(max_examples=examples(20))
@given(st.text(min_size=1, max_size=100))
def test_a_name_can_neither_break_nor_disguise_a_mail(name):
    sender = parse_sender("Quadrangle <mail@campus.example>")
    hostile = f"<script>alert(1)</script>\r\nBcc: x\u202e{name}"
    for mail in every_mail(msgspec.structs.replace(ACCOUNT, name=hostile)).values():
        assert "<script>" not in mail.html
        assert "\u202e" not in mail.text + mail.html
        compose("id", mail, sender, NOW)


# -- which mail on which change -----------------------------------------------------------------


class Store:
    """The two accounts there are."""

    def __init__(self, *accounts: Account) -> None:
        self._accounts = accounts

    async def get(self, account_id: str) -> Account | None:
        return next((a for a in self._accounts if a.account_id == account_id), None)

    async def by_email(self, email: str) -> Account | None:
        return next((a for a in self._accounts if a.email == email), None)


class Letterbox:
    def __init__(self) -> None:
        self.written: list[Mail] = []

    async def enqueue(self, *mails: Mail) -> None:
        self.written += mails


async def written(about: Change, *accounts: Account) -> list[str]:
    """Return the occasions of the mails that a change leads to."""
    store: Any = Store(*accounts)
    box = Letterbox()
    await AccountReactions(store, box, LINKS, (), CLOCK).write_mails(about)
    return [mail.key.partition(":")[0] for mail in box.written]


def account(state: AccountState, **fields) -> Account:
    return msgspec.structs.replace(ACCOUNT, state=state, new_email=None, **fields)


INVITED, UNCONFIRMED, OPEN, CLOSED = (account(state) for state in AccountState)
DISPUTED = account(AccountState.UNCONFIRMED, epoch=2)


@pytest.mark.parametrize(
    ("kind", "about", "expected"),
    [
        ("account.sign-up-repeated", OPEN, ["known"]),
        ("account.sign-up-repeated", DISPUTED, ["choose"]),
        ("account.sign-up-repeated", INVITED, ["invitation"]),
        ("account.confirmation-asked", UNCONFIRMED, ["confirm"]),
        ("account.confirmation-asked", DISPUTED, ["choose"]),
        ("account.confirmation-asked", OPEN, ["known"]),
        ("account.reset-asked", OPEN, ["reset"]),
        ("account.reset-asked", UNCONFIRMED, ["choose"]),
        ("account.reset-asked", INVITED, ["invitation"]),
        ("account.invited", INVITED, ["invitation"]),
        ("account.invited", OPEN, []),
        ("account.password-changed", OPEN, ["password_changed"]),
        ("account.second-factor-changed", OPEN, ["factor_changed"]),
        ("account.refresh-reused", OPEN, ["token_reused"]),
        ("account.new-address-asked", OPEN, []),
        ("account.new-address-asked", ACCOUNT, ["address_asked", "new_address"]),
        *((kind, CLOSED, []) for kind in ("account.sign-up-repeated", "account.reset-asked")),
    ],
)
async def test_each_change_leads_to_the_mail_for_what_the_account_is_now(kind, about, expected):
    assert await written(change(kind), about) == expected
    off = msgspec.structs.replace(about, active=False)
    assert await written(change(kind), off) == []


@pytest.mark.parametrize(
    ("state", "expected"), [("unconfirmed", ["confirm"]), ("invited", ["invitation"]), ("open", [])]
)
async def test_a_new_account_gets_the_mail_of_how_it_was_made(state, expected):
    made = change("account.created", state=state, role="student")
    assert await written(made, account(AccountState(state))) == expected
    if state != "open":
        assert await written(made, OPEN) == []  # confirmed before this ran


async def test_the_owner_of_a_taken_address_is_told_and_gets_no_link():
    other = msgspec.structs.replace(OPEN, account_id="other", email=NEW)
    assert await written(change("account.new-address-asked"), ACCOUNT, other) == [
        "address_asked",
        "known",
    ]


@pytest.mark.parametrize("subject", ["staff-pin", "unknown"])
async def test_what_is_about_no_account_leads_to_no_mail(subject):
    about = msgspec.structs.replace(change("account.refresh-reused"), subject=subject)
    assert await written(about, OPEN) == []


def test_times_are_those_of_the_campus():
    links = AccountLinks(
        JwtLinkTokens(lambda: [KEY], ISSUER, CLOCK), ISSUER, CLOCK, zone_of("Europe/Amsterdam")
    )
    about = msgspec.structs.replace(change(), at="2026-11-21T23:30:00.000Z")
    assert "22 November 2026, 00:30 (Europe/Amsterdam)" in mails.closed(ACCOUNT, about, links).text
