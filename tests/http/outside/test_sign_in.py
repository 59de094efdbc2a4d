"""Signing in by a real OpenID Connect provider, over HTTP, as a browser goes."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from litestar.testing import AsyncTestClient
from msgspec.structs import replace

from quadrangle.accounts.http.outside import FLOW_COOKIE
from quadrangle.accounts.joining.model import Purpose
from quadrangle.accounts.policy_model import AccountPolicy, SignUp
from quadrangle.accounts.rules import AccountEdit, fact
from quadrangle.http.asking.auth import MARKER_COOKIE, REFRESH_COOKIE, SESSION_COOKIE
from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.principal import SYSTEM, Principal, Role
from tests.account_desk import EMAIL, ISSUER, Desk
from tests.http.accounts.account_app import Client, app_of, cookies_of
from tests.http.outside.conftest import BASE, OutsideDesk
from tests.http.outside.provider import sign_in_at

START = "/api/accounts/oidc/campus/start"


async def begin(client: Client, wanted: str = "/track") -> str:
    response = await client.get(START, params={"next": wanted})
    assert response.status_code == 302, response.text
    return response.headers["location"]


async def go(client: Client, person: str, wanted: str = "/track", act: str = "sign-in") -> Any:
    """Sign in at the provider; return our answer to the browser that comes back."""
    back = await sign_in_at(await begin(client, wanted), person, act=act)
    return await client.get(back)


def problem_of(response: Any) -> str:
    assert response.status_code == 302
    page, _, problem = response.headers["location"].partition("#problem=")
    assert page == "/sign-in"
    assert not {SESSION_COOKIE, REFRESH_COOKIE} & {name for name, *_ in cookies_of(response)}
    return problem


async def administrator(desk: Desk) -> Principal:
    account = await desk.account(EMAIL)
    return Principal(account.name, account.role, account.account_id)


async def test_somebody_unknown_gets_an_account_and_lands_where_they_wanted(client, desk):
    response = await go(client, "ada", "/track?id=7#photos")
    assert response.status_code == 302
    assert response.headers["location"] == "/track?id=7#photos"
    assert response.headers["cache-control"] == "no-store"
    set_now = {name: (value, rest) for name, value, *rest in cookies_of(response)}
    assert set(set_now) == {SESSION_COOKIE, REFRESH_COOKIE, MARKER_COOKIE, FLOW_COOKIE}
    assert "Max-Age=0" in set_now[FLOW_COOKIE][1]
    me = (await client.get("/api/accounts/me")).json()
    assert (me["email"], me["name"], me["role"]) == (
        "ada@campus.example",
        "Ada Lovelace",
        "student",
    )
    assert me["hasPassword"] is False
    sessions = (await client.get("/api/accounts/me/sessions")).json()["sessions"]
    assert [(s["method"], s["current"]) for s in sessions] == [("oidc", True)]
    changes = (await desk.changes())[-3:]
    assert [change.kind for change in changes] == [
        "account.created",
        "account.identity-linked",
        "account.signed-in",
    ]
    told = " ".join(f"{change.data}" for change in changes)
    assert "ada" not in told.lower()
    assert changes[-1].data == {"method": "oidc", "issuer": "campus"}


async def test_who_comes_again_has_the_same_account_whatever_address_it_has_now(client, desk):
    await go(client, "ada")
    account = await desk.account("ada@campus.example")
    client.cookies.clear()

    def renamed(found, _):
        change = fact("account.changed", found.account_id, {}, SYSTEM, desk.clock.now())
        return replace(found, email="ada.l@campus.example"), [change]

    await desk.accounts.update(account.account_id, renamed)
    await go(client, "ada")
    assert (await client.get("/api/accounts/me")).json()["accountId"] == account.account_id
    assert (await desk.kinds()).count("account.created") == 2  # the administrator and Ada


async def test_an_open_account_with_the_verified_address_is_linked(client, desk):
    admin = await desk.account(EMAIL)
    await go(client, "admin")
    me = (await client.get("/api/accounts/me")).json()
    assert (me["accountId"], me["role"]) == (admin.account_id, "admin")
    assert me["hasPassword"] is True


async def test_what_nobody_confirmed_goes_when_the_issuer_vouches_for_its_address(
    sqlite_database, provider
):
    policy = AccountPolicy(SignUp.OPEN, public_url=ISSUER)
    desk = OutsideDesk(sqlite_database, provider.iss, SystemClock(), policy=policy)
    await desk.open()
    async with AsyncTestClient(app_of(desk), base_url=BASE) as client:
        client.follow_redirects = False
        other = {"email": "ada@campus.example", "password": "somebody else's own words"}
        answer = await client.post("/api/accounts/sign-up", json={**other, "name": "Not Ada"})
        assert answer.status_code == 202, answer.text
        signed_up = await desk.account(other["email"])
        link = desk.service.links.url(Purpose.CONFIRM, signed_up, (await desk.changes())[-1])
        await go(client, "ada")
        me = (await client.get("/api/accounts/me")).json()
        assert (me["accountId"], me["name"]) == (signed_up.account_id, "Ada Lovelace")
        assert me["hasPassword"] is False
        client.cookies.clear()
        token = {"token": link.partition("#token=")[2]}
        assert (await client.post("/api/accounts/confirm", json=token)).status_code == 410
        assert (await client.post("/api/accounts/sign-in", json=other)).status_code == 401
        await go(client, "ada")
        assert (await client.get("/api/accounts/me")).json()["accountId"] == signed_up.account_id


async def test_an_address_the_issuer_does_not_vouch_for_opens_and_links_nothing(client, desk):
    await desk.hire(await administrator(desk), "bo@campus.example")
    assert problem_of(await go(client, "bo")) == "not-verified"
    assert "account.identity-linked" not in await desk.kinds()
    failed = (await desk.changes())[-1]
    assert (failed.kind, failed.data["problem"]) == ("account.sign-in-failed", "not-verified")


async def test_without_sign_up_only_people_who_have_an_account_get_in(sqlite_database, provider):
    desk = OutsideDesk(sqlite_database, provider.iss, SystemClock())
    await desk.open()
    async with AsyncTestClient(app_of(desk), base_url=BASE) as client:
        client.follow_redirects = False
        assert problem_of(await go(client, "ada")) == "unknown-account"
        assert (await go(client, "admin")).headers["location"] == "/track"


async def test_a_disabled_account_stays_out(client, desk):
    await go(client, "ada")
    client.cookies.clear()
    ada = await desk.account("ada@campus.example")
    admin = await administrator(desk)
    await desk.service.people.edit(ada.account_id, AccountEdit(role=Role.STAFF), admin)
    await desk.service.people.edit(ada.account_id, AccountEdit(active=False), admin)
    assert problem_of(await go(client, "ada")) == "disabled"


async def test_saying_no_at_the_issuer(client):
    assert problem_of(await go(client, "ada", act="cancel")) == "denied"


# -- the way back ------------------------------------------------------------------------------


async def test_the_way_out_asks_with_pkce_state_and_nonce_and_binds_the_browser(client):
    response = await client.get(START, params={"next": "/track"})
    asked = {k: v for k, (v,) in parse_qs(urlsplit(response.headers["location"]).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert all(len(asked[name]) == 43 for name in ("state", "nonce", "code_challenge"))
    ((name, sealed, *rest),) = cookies_of(response)
    assert name == FLOW_COOKIE
    assert rest == ["HttpOnly", "Max-Age=600", "Path=/api/accounts/oidc", "SameSite=lax"]
    assert asked["state"] not in sealed


async def test_an_answer_is_taken_in_the_browser_that_asked_only(client, desk):
    """Else a link of an attacker's own answer would sign others in to the attacker's account."""
    back = await sign_in_at(await begin(client), "ada")
    async with AsyncTestClient(app_of(desk), base_url=BASE) as victim:
        victim.follow_redirects = False
        assert problem_of(await victim.get(back)) == "expired"
        await begin(victim)  # a flow of their own does not help
        assert problem_of(await victim.get(back)) == "expired"


async def test_an_answer_is_taken_once(client):
    back = await sign_in_at(await begin(client), "ada")
    kept = client.cookies[FLOW_COOKIE]
    assert (await client.get(back)).headers["location"] == "/track"
    client.cookies.set(FLOW_COOKIE, kept, domain="testserver.local", path="/api/accounts/oidc")
    assert problem_of(await client.get(back)) == "expired"


@pytest.mark.parametrize("change", ["state", "iss", "no iss", "code", "cookie"])
async def test_a_changed_answer_is_refused(client, change):
    back = await sign_in_at(await begin(client), "ada")
    url = urlsplit(back)
    query = {k: v for k, (v,) in parse_qs(url.query).items()}
    if change == "cookie":
        sealed = client.cookies[FLOW_COOKIE]
        client.cookies.clear()
        changed = sealed[:-5] + ("AAAAA" if not sealed.endswith("AAAAA") else "BBBBB")
        client.cookies.set(FLOW_COOKIE, changed)
    elif change == "no iss":
        del query["iss"]
    elif change == "iss":
        query["iss"] = "https://elsewhere.example"
    else:
        query[change] = query[change][:-3] + "AAA"
    response = await client.get(url.path, params=query)
    expected = "expired" if change in ("state", "cookie") else "issuer-away"
    assert problem_of(response) == expected


async def test_an_issuer_there_is_not_is_not_found(client):
    for path in ("start", "callback"):
        response = await client.get(f"/api/accounts/oidc/elsewhere/{path}")
        assert response.status_code == 404


async def test_nobody_is_led_elsewhere_after_signing_in(client):
    response = await go(client, "ada", "//other.example/")
    assert response.headers["location"] == "/"
