"""One-time links: which are ours, for how long, and that no other token is taken for one."""

import contextlib
from datetime import timedelta

import jwt
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.accounts.joining.links import AccountLinks
from quadrangle.accounts.joining.model import LIVES, Link, Purpose
from quadrangle.accounts.model import Account, Claims
from quadrangle.accounts.tokens.signing_keys import SigningKey
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Gone, NotSignedIn
from quadrangle.kernel.principal import Role
from quadrangle.portable.tokens.link_tokens import AUDIENCE, JwtLinkTokens
from quadrangle.portable.tokens.tokens import JwtTokens
from tests.account_desk import ISSUER
from tests.portable.tokens.test_tokens import NOW

KEY, OTHER_KEY = SigningKey.make(), SigningKey.make()
ACCOUNT = Account("account-1", "bo@campus.example", "Bo", Role.STUDENT, "2026-11-21T09:30:00.000Z")


@pytest.fixture
def tokens(clock) -> JwtLinkTokens:
    return JwtLinkTokens(lambda: [KEY], ISSUER, clock)


@pytest.fixture
def links(tokens, clock) -> AccountLinks:
    return AccountLinks(tokens, ISSUER + "/", clock)


def change(clock, seq: int = 7) -> Change:
    return Change("account.signed-up", "account-1", {}, "Someone", to_text(clock.now()), seq=seq)


def token_of(url: str) -> str:
    return url.partition("#token=")[2]


@pytest.mark.parametrize(
    ("purpose", "page"),
    [
        (Purpose.CONFIRM, "/confirm"),
        (Purpose.RESET, "/reset"),
        (Purpose.INVITATION, "/invitation"),
        (Purpose.NEW_ADDRESS, "/confirm"),
    ],
)
def test_a_link_names_its_page_and_says_what_it_was_made_with(links, clock, purpose, page):
    account = msgspec.structs.replace(ACCOUNT, new_email="new@campus.example")
    url = links.url(purpose, account, change(clock))
    assert url.startswith(f"{ISSUER}{page}#token=")
    link = links.read(token_of(url), purpose)
    assert link.is_for(account)
    assert not link.is_for(msgspec.structs.replace(account, epoch=2))
    for other in set(Purpose) - {purpose}:
        with pytest.raises(Gone):
            links.read(token_of(url), other)


def test_a_mail_written_again_has_the_same_link_and_another_change_another(links, clock):
    first = links.url(Purpose.RESET, ACCOUNT, change(clock))
    assert links.url(Purpose.RESET, ACCOUNT, change(clock)) == first
    assert links.url(Purpose.RESET, ACCOUNT, change(clock, seq=8)) != first


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_lives_to_its_end(links, clock, purpose):
    token = token_of(links.url(purpose, ACCOUNT, change(clock)))
    clock.advance(LIVES[purpose] - timedelta(seconds=1))
    links.read(token, purpose)
    clock.advance(timedelta(seconds=1))
    with pytest.raises(Gone):
        links.read(token, purpose)


def test_an_invitation_is_good_for_a_week_from_when_it_is_asked_for(links, clock):
    token = token_of(links.invitation_url(ACCOUNT))
    assert token_of(links.invitation_url(ACCOUNT)) != token
    clock.advance(timedelta(days=7) - timedelta(seconds=1))
    assert links.read(token, Purpose.INVITATION).is_for(ACCOUNT)


def payload(clock, **other: object) -> dict[str, object]:
    now = int(clock.now().timestamp())
    told = {"sub": "account-1", "purpose": "reset", "epoch": 1, "email": ACCOUNT.email}
    return {
        **told, "jti": "a", "iat": now, "exp": now + 60, "iss": ISSUER, "aud": AUDIENCE, **other,
    }  # fmt: skip


def signed(payload: dict[str, object], key: SigningKey = KEY, kid: str = KEY.kid) -> str:
    return jwt.encode(payload, key.private, algorithm="EdDSA", headers={"kid": kid})


@pytest.mark.parametrize(
    "other",
    [
        {"aud": "quadrangle"},
        {"aud": ["elsewhere"]},
        {"iss": "https://elsewhere.example"},
        {"purpose": "everything"},
        {"epoch": "1"},
        {"email": None},
    ],
)
def test_what_is_signed_and_not_a_link_of_ours_is_refused(tokens, clock, other):
    tokens.verify(signed(payload(clock)))
    with pytest.raises(Gone):
        tokens.verify(signed(payload(clock, **other)))


def test_another_key_no_key_and_no_signature_are_refused(tokens, clock):
    none = jwt.encode(payload(clock), "", algorithm="none", headers={"kid": KEY.kid})
    shared = KEY.private.public_key().public_bytes_raw()
    confused = jwt.encode(payload(clock), shared, algorithm="HS256", headers={"kid": KEY.kid})
    for token in (
        signed(payload(clock), OTHER_KEY),
        signed(payload(clock), kid="x"),
        none,
        confused,
    ):
        with pytest.raises(Gone):
            tokens.verify(token)


async def test_access_tokens_are_no_links_and_links_no_access_tokens(tokens, links, clock):
    access = JwtTokens(lambda: [KEY], ISSUER, clock)
    now = int(clock.now().timestamp())
    claims = Claims("account-1", "student", "Bo", 1, "sid", "jti", now, now + 900)
    with pytest.raises(Gone):
        tokens.verify(access.issue(claims))
    for purpose in Purpose:
        with pytest.raises(NotSignedIn):
            await access.verify(token_of(links.url(purpose, ACCOUNT, change(clock))))


@given(st.data())
def test_a_changed_link_is_refused(data):
    tokens = JwtLinkTokens(lambda: [KEY], ISSUER, ManualClock(NOW))
    now = int(NOW.timestamp())
    link = Link(Purpose.RESET, "account-1", 1, ACCOUNT.email, "id", now, now + 60)
    token = tokens.issue(link)
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters(codec="ascii"))
    changed = token[:place] + sign + token[place + 1 :]
    with contextlib.suppress(Gone):
        assert tokens.verify(changed) == link  # unused bits at the end of a part may differ


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é" * 40, "x" * 5000])
def test_nonsense_is_refused(tokens, text):
    with pytest.raises(Gone):
        tokens.verify(text)
