"""What second factors change for an account, whichever they are, and who may have them."""

from datetime import timedelta

import pytest

from quadrangle.accounts.model import AccountState, Method, Place
from quadrangle.accounts.own.factor_rules import FRESH
from quadrangle.accounts.rules import open_account
from quadrangle.http.asking.auth import SESSION_COOKIE
from quadrangle.kernel.errors import Forbidden, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Principal, Role
from tests.account_desk import EMAIL, PASSWORD
from tests.http.accounts.factor_pages import ELSEWHERE, STEP, App, Browser, device, strict

# -- what ends, who goes on, and who must ------------------------------------------------------


async def test_setting_up_and_removing_end_every_other_sign_in(page, elsewhere, desk, clock):
    await elsewhere.sign_in()
    before = page.client.cookies[SESSION_COOKIE]
    app, codes = await page.enrol(desk)
    assert page.client.cookies[SESSION_COOKIE] != before
    await elsewhere.ask("GET", "me", status=401)
    await elsewhere.ask("POST", "refresh", {}, 401)
    await elsewhere.sign_in(codes[0])
    clock.advance(STEP)
    body = {"password": PASSWORD, "code": app.code()}
    await page.ask("POST", "me/totp/remove", body, 204)
    await elsewhere.ask("GET", "me", status=401)
    page.forget_access()
    await page.ask("POST", "refresh", {})
    await page.me()
    kinds = [c.data for c in await desk.changes() if c.kind == "account.second-factor-changed"]
    assert kinds == [{"what": "totp added"}, {"what": "totp removed"}]


async def test_a_program_goes_on_by_refreshing(site, desk):
    program = Browser(site)
    tokens = await program.sign_in()
    program.client.cookies.clear()
    bearer = {"Authorization": f"Bearer {tokens['accessToken']}"}
    setup = await program.ask("POST", "me/totp", {"password": PASSWORD}, **bearer)
    body = {"enrolment": setup["enrolment"], "code": App(setup["secret"], desk).code()}
    confirmed = await program.call("POST", "me/totp/confirm", body, **bearer)
    assert "set-cookie" not in confirmed.headers
    await program.ask("GET", "me", status=401, **bearer)
    fresh = await program.ask("POST", "refresh", {"refreshToken": tokens["refreshToken"]})
    program.client.cookies.clear()
    await program.ask("GET", "me", Authorization=f"Bearer {fresh['accessToken']}")


@strict
async def test_a_role_is_held_back_until_a_factor_is_set_up(page, desk):
    me = await page.me()
    assert (me["role"], me["needsSecondFactor"]) == ("admin", True)
    refused = await page.ask("GET", "staff", status=403)
    assert "two-factor" in refused["message"]
    await page.enrol(desk)
    assert not (await page.me())["needsSecondFactor"]
    await page.ask("GET", "staff")


# -- who may ------------------------------------------------------------------------------------

CALLS = [
    ("me/totp", {"password": PASSWORD}),
    ("me/totp/confirm", {"enrolment": "x", "code": "123456"}),
    ("me/totp/remove", {"password": PASSWORD, "code": "123456"}),
    ("me/recovery-codes", {"password": PASSWORD}),
    ("me/passkeys/options", {"password": PASSWORD}),
    ("me/passkeys", {"state": "x", "name": "x", "credential": {}}),
    ("me/passkeys/x/remove", {"password": PASSWORD}),
]


@pytest.mark.parametrize(("path", "body"), CALLS)
async def test_factors_are_for_accounts(site, path, body):
    someone = Browser(site)
    await someone.ask("POST", path, body, 401)
    await someone.ask("POST", "pin", {"pin": "27182818"})
    await someone.ask("POST", path, body, 403)


@pytest.mark.parametrize(("path", "body"), CALLS)
async def test_another_sites_page_cannot_call(page, path, body):
    await page.ask("POST", path, body, 403, **{"X-Requested-With": "x"})


@pytest.mark.parametrize("path", [path for path, body in CALLS if len(body) == 1])
async def test_a_stolen_page_cannot_guess_the_password(page, desk, path):
    await page.add_passkey(device())
    listed = (await page.ask("GET", "me/passkeys"))["passkeys"]
    path = path.replace("/x/", f"/{listed[0]['passkeyId']}/")
    for _ in range(5):
        refused = await page.ask("POST", path, {"password": "wrong password"}, 400)
        assert refused["errors"][0]["field"] == "password"
    await page.ask("POST", path, {"password": PASSWORD}, 429)


async def test_codes_cannot_be_guessed_when_removing(page, desk):
    await page.enrol(desk)
    body = {"password": PASSWORD, "code": "000000"}
    for _ in range(5):
        await page.ask("POST", "me/totp/remove", body, 400)
    await page.ask("POST", "me/totp/remove", body, 429)


async def test_without_a_password_a_fresh_sign_in_will_do(site, desk, clock):
    account, facts = open_account(
        new_id(), "sso@campus.example", "Cy", Role.STUDENT, SYSTEM, clock.now()
    )
    assert account.state is AccountState.OPEN
    await desk.credentials.open(account, None, facts)
    program = Browser(site)
    signed_in = await desk.service.sessions.start(account, Method.OIDC, Place(ELSEWHERE))
    bearer = {"Authorization": f"Bearer {signed_in.access_token}"}
    clock.advance(FRESH - timedelta(seconds=1))
    await program.ask("POST", "me/totp", {"password": ""}, **bearer)
    clock.advance(timedelta(seconds=1))
    refused = await program.ask("POST", "me/totp", {"password": ""}, 403, **bearer)
    assert "ten minutes" in refused["message"]
    refreshed = await desk.service.sessions.refresh(signed_in.refresh_token, Place(ELSEWHERE))
    bearer = {"Authorization": f"Bearer {refreshed.access_token}"}
    await program.ask("POST", "me/totp", {"password": ""}, 403, **bearer)


# -- what admins take away ----------------------------------------------------------------------


async def test_an_admin_takes_all_factors_away(page, elsewhere, desk):
    _, codes = await page.enrol(desk)
    await page.add_passkey(held := device())
    account = await desk.account(EMAIL)
    boss = Principal("Boss", Role.ADMIN, new_id())
    await desk.service.two_factor.remove_all(account.account_id, boss)
    await page.ask("GET", "me", status=401)
    await elsewhere.passkey_sign_in(held, 401)
    await elsewhere.sign_in()
    factors = (await elsewhere.me())["twoFactor"]
    assert (factors["totp"], factors["passkeys"], factors["recoveryCodesLeft"]) == (False, 0, 0)
    assert not await desk.parts.recovery_codes.count(account.account_id)
    told = [c for c in await desk.changes() if c.kind == "account.second-factor-changed"]
    assert (told[-1].data, told[-1].actor) == ({"what": "all removed"}, "Boss")
    assert codes[0] not in str(await desk.changes())


async def test_nobody_else_takes_factors_away(page, desk):
    account = await desk.account(EMAIL)
    staff = Principal("Bo", Role.STAFF, new_id())
    with pytest.raises(Forbidden):
        await desk.service.two_factor.remove_all(account.account_id, staff)
    boss = Principal("Boss", Role.ADMIN, new_id())
    for unknown in (new_id(), "x"):
        with pytest.raises(NotFound):
            await desk.service.two_factor.remove_all(unknown, boss)
