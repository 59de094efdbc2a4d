"""Signing in by an outside issuer: where one may go afterwards, and whose answer is taken."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.outside import rules as outside_rules
from quadrangle.accounts.outside.model import Answer, Person
from quadrangle.accounts.outside.rules import NotAdmitted, Problem, safe_next
from quadrangle.kernel.principal import Role

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FLOW = outside_rules.begin("campus", ("state", "nonce", "verifier"), "/track", NOW)
ORIGIN = "https://campus.example"


@pytest.mark.parametrize(
    "wanted",
    [
        "/", "/track", "/track?id=7&with=photos", "/track?id=7#photos", "/sign-in",
        "/track?back=//not-a-path", "/track#//not-a-path", "/track?q=a%20b", "/track/7",
    ],
)  # fmt: skip
def test_pages_of_ours_are_gone_to(wanted):
    assert safe_next(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "", "track", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "/\\/evil.example", "https://evil.example", "https:evil.example", "http:/evil.example",
        "HTTPS://evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
        "/%2fevil.example", "/%2Fevil.example", "%2f%2fevil.example", "/%5cevil.example",
        "/%252fevil.example", "/%25252fevil.example", "/%09/evil.example", "/\t/evil.example",
        "/\n/evil.example", "/\r\nLocation: https://evil.example", "/%0d%0aSet-Cookie: a=b",
        " //evil.example", "/ /evil.example", "/..//evil.example", "/.//evil.example",
        "/a/..//evil.example", "/%2e%2e//evil.example", "//evil.example/..", "/a//evil.example",
        "//campus.example@evil.example", "/\x00/evil.example", "/\u2028/evil.example",
        "/api/accounts/oidc/campus/start", "/api/../api/accounts", "/.well-known/jwks.json",
        "/%61pi/accounts/sign-out", "/" + "a" * 1_000, "?next=//evil.example", "#//evil.example",
    ],
)  # fmt: skip
def test_nothing_else_is(wanted):
    assert safe_next(wanted) == "/"


signs = st.text(st.sampled_from(list("/\\%25fFcC0aA.:@?#& \t\n\revil-")), max_size=24)


@given(st.one_of(st.text(max_size=40), signs, signs.map(lambda text: "/" + text)))
def test_whatever_is_wanted_one_stays_here(wanted):
    going = safe_next(wanted)
    assert going.isascii()
    assert going.isprintable()
    landed = urlsplit(urljoin(ORIGIN + "/api/accounts/oidc/campus/callback", going))
    assert (landed.scheme, landed.netloc) == ("https", "campus.example")
    assert not going.startswith(("//", "/\\"))
    assert safe_next(going) == going


@pytest.mark.parametrize(
    ("issuer_id", "state", "late"),
    [
        ("campus", None, 0),
        ("campus", "", 0),
        ("campus", "stat", 0),
        ("campus", "stäte", 0),
        ("other", "state", 0),
        ("campus", "state", 600),
    ],
)
def test_another_flows_answer_is_refused(issuer_id, state, late):
    now = NOW + timedelta(seconds=late)
    with pytest.raises(NotAdmitted) as caught:
        outside_rules.require_same_browser(FLOW, issuer_id, Answer(state=state), now)
    assert caught.value.problem is Problem.EXPIRED


def test_the_flows_own_answer_is_taken_for_ten_minutes():
    now = NOW + timedelta(seconds=599)
    outside_rules.require_same_browser(FLOW, "campus", Answer(state="state"), now)


@pytest.mark.parametrize(
    ("email", "verified"),
    [("ada@campus.example", False), ("", True), ("nobody", True), ("a@b\n.example", True)],
)
def test_only_addresses_that_are_vouched_for_count(email, verified):
    with pytest.raises(NotAdmitted) as caught:
        outside_rules.vouched_email(Person("ada", email, verified))
    assert caught.value.problem is Problem.NOT_VERIFIED


def test_an_address_counts_in_lower_case():
    assert outside_rules.vouched_email(Person("ada", " Ada@Campus.Example", True)) == (
        "ada@campus.example"
    )


@given(st.text(max_size=300))
def test_there_is_always_a_name_to_show(name):
    shown = outside_rules.shown_name(Person("ada", name=name), "ada@campus.example")
    assert 1 <= len(shown) <= 100
    assert "\0" not in shown
    assert "\n" not in shown


@pytest.mark.parametrize("state", AccountState)
@pytest.mark.parametrize("active", [True, False])
def test_open_and_active_accounts_are_let_in_alone(state, active):
    account = Account("7", "a@b.example", "A", Role.STUDENT, "", state=state, active=active)
    if state is AccountState.OPEN and active:
        outside_rules.require_open(account)
        return
    with pytest.raises(NotAdmitted) as caught:
        outside_rules.require_open(account)
    disabled = state is AccountState.OPEN
    assert caught.value.problem is (Problem.DISABLED if disabled else Problem.UNKNOWN_ACCOUNT)
