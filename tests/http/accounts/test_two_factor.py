"""An authenticator app and recovery codes, as docs/api-accounts.md has them."""

import asyncio
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest

from quadrangle.accounts.model import AccountState, Method, Place
from quadrangle.accounts.own.factor_rules import FRESH
from quadrangle.accounts.policy_model import AccountPolicy
from quadrangle.accounts.rules import open_account
from quadrangle.http.asking.auth import SESSION_COOKIE
from quadrangle.kernel.errors import Forbidden, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Principal, Role
from tests.account_desk import EMAIL, PASSWORD, Desk, SqlDesk
from tests.http.accounts.factor_pages import ELSEWHERE, App, Browser, device
from tests.http.accounts.test_accounts import app_of

STEP = timedelta(seconds=30)
STRICT = AccountPolicy(factor_roles=frozenset({Role.STAFF, Role.ADMIN}))


@pytest.fixture(params=[AccountPolicy()])
async def desk(sqlite_database, clock, request) -> Desk:
    opened = SqlDesk(sqlite_database, clock, request.param)
    await opened.open()
    return opened


strict = pytest.mark.parametrize("desk", [STRICT], indirect=True)


@pytest.fixture
def site(desk):
    return app_of(desk)


@pytest.fixture
async def page(site) -> Browser:
    opened = Browser(site)
    await opened.sign_in()
    return opened


@pytest.fixture
def elsewhere(site) -> Browser:
    return Browser(site, ELSEWHERE)


# -- setting up ---------------------------------------------------------------------------------


async def test_an_app_is_set_up_and_asked_for_from_then_on(page, elsewhere, desk, clock):
    app, codes = await page.enrol(desk)
    assert len(set(codes)) == 10
    me = await page.me()
    assert me["twoFactor"] == {
        "totp": True, "passkeys": 0, "recoveryCodesLeft": 10, "required": False,
    }  # fmt: skip
    clock.advance(STEP)
    asked = await elsewhere.sign_in(status=401)
    assert asked["codeRequired"] is True
    assert "recoveryOnly" not in asked
    assert "authenticator app" in asked["message"]
    await elsewhere.sign_in(app.code())
    assert (await elsewhere.me())["email"] == EMAIL


async def test_the_secret_is_shown_for_typing_and_as_a_picture(page):
    setup = await page.ask("POST", "me/totp", {"password": PASSWORD})
    groups = setup["secret"].split(" ")
    assert [len(group) for group in groups] == [4] * 8
    assert setup["uri"].startswith("otpauth://totp/Quadrangle:admin%40campus.example?")
    assert f"secret={''.join(groups)}" in setup["uri"]
    picture = ET.fromstring(setup["qr"])
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert "#fff" in setup["qr"]  # behind it, also where the page is dark
    assert "href" not in setup["qr"]
    assert not (await page.me())["twoFactor"]["totp"]


async def test_a_wrong_first_code_changes_nothing_and_may_be_mended(page, desk):
    setup = await page.ask("POST", "me/totp", {"password": PASSWORD})
    body = {"enrolment": setup["enrolment"], "code": "000000"}
    refused = await page.ask("POST", "me/totp/confirm", body, 400)
    assert refused["errors"][0]["field"] == "code"
    assert not (await page.me())["twoFactor"]["totp"]
    await page.ask("POST", "me/totp/confirm", {**body, "code": App(setup["secret"], desk).code()})


async def test_a_set_up_is_good_once_and_for_a_quarter_of_an_hour(page, desk, clock):
    setup = await page.ask("POST", "me/totp", {"password": PASSWORD})
    app = App(setup["secret"], desk)
    body = {"enrolment": setup["enrolment"], "code": app.code()}
    await page.ask("POST", "me/totp/confirm", body)
    clock.advance(STEP)
    await page.ask("POST", "me/totp/confirm", {**body, "code": app.code()}, 410)
    late = await page.ask("POST", "me/totp", {"password": PASSWORD})
    clock.advance(timedelta(minutes=14, seconds=30))
    await page.ask("POST", "refresh", {})
    clock.advance(STEP)
    body = {"enrolment": late["enrolment"], "code": App(late["secret"], desk).code()}
    await page.ask("POST", "me/totp/confirm", body, 410)


async def test_a_set_up_of_another_account_is_refused(page, site, desk):
    admin = await desk.account(EMAIL)
    actor = Principal(admin.name, admin.role, admin.account_id)
    _, password = await desk.hire(actor, "bo@campus.example")
    other = Browser(site)
    await other.ask("POST", "sign-in", {"email": "bo@campus.example", "password": password})
    setup = await page.ask("POST", "me/totp", {"password": PASSWORD})
    code = App(setup["secret"], desk).code()
    for enrolment in (setup["enrolment"], "made-up", "é"):
        body = {"enrolment": enrolment, "code": code}
        await other.ask("POST", "me/totp/confirm", body, 410)


async def test_another_app_takes_the_place_of_the_first(page, elsewhere, desk, clock):
    old, old_codes = await page.enrol(desk)
    clock.advance(STEP)
    new, _ = await page.enrol(desk)
    clock.advance(STEP)
    await elsewhere.sign_in(old.code(), status=401)
    await elsewhere.sign_in(old_codes[0], status=401)
    await elsewhere.sign_in(new.code())


async def test_what_is_too_short_or_too_long_is_named(page):
    body = {"enrolment": "", "code": "1" * 41}
    refused = await page.ask("POST", "me/totp/confirm", body, 400)
    assert [each["field"] for each in refused["errors"]] == ["enrolment", "code"]
    body = {"password": "x" * 201, "code": ""}
    refused = await page.ask("POST", "me/totp/remove", body, 400)
    assert [each["field"] for each in refused["errors"]] == ["password", "code"]


# -- codes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("off_s", [-60, -30, 0, 30, 60])
async def test_a_phones_clock_may_be_a_minute_off(page, elsewhere, desk, clock, off_s):
    app, _ = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    await elsewhere.sign_in(app.code(off_s))


@pytest.mark.parametrize("off_s", [-120, -90, 90, 120])
async def test_a_phones_clock_may_not_be_more_than_a_minute_off(
    page, elsewhere, desk, clock, off_s
):
    app, _ = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    await elsewhere.sign_in(app.code(off_s), status=401)


async def test_each_code_is_taken_once_also_of_two_at_the_same_moment(page, site, desk, clock):
    app, _ = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    body = {"email": EMAIL, "password": PASSWORD, "code": app.code()}
    browsers = [Browser(site) for _ in range(4)]
    answers = await asyncio.gather(*(each.call("POST", "sign-in", body) for each in browsers))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_the_code_that_confirmed_does_not_sign_in(page, elsewhere, desk):
    app, _ = await page.enrol(desk)
    await elsewhere.sign_in(app.code(), status=401)


async def test_an_older_code_is_refused_after_a_newer(page, elsewhere, desk, clock):
    app, _ = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    older = app.code(-30)
    await elsewhere.sign_in(app.code())
    await elsewhere.sign_in(older, status=401)
    await elsewhere.sign_in(app.code(30))


async def test_a_missing_code_is_no_try_and_a_wrong_one_is(page, elsewhere, desk, clock):
    app, _ = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    for _ in range(12):
        await elsewhere.sign_in(status=401)
        await elsewhere.sign_in(" ", status=401)
    for _ in range(5):
        wrong = await elsewhere.sign_in("000000", status=401)
        assert wrong["codeRequired"] is True
    await elsewhere.sign_in(app.code(), status=429)


async def test_guessing_codes_waits_longer_each_time(page, elsewhere, desk, clock):
    await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    body = {"email": EMAIL, "password": PASSWORD, "code": "000000"}
    for _ in range(5):
        await elsewhere.call("POST", "sign-in", body)
    waits = []
    for _ in range(3):
        locked = await elsewhere.call("POST", "sign-in", body)
        assert locked.status_code == 429
        waits.append(int(locked.headers["Retry-After"]))
        clock.advance(timedelta(seconds=waits[-1]))
        assert (await elsewhere.call("POST", "sign-in", body)).status_code == 401
    assert waits == [60, 120, 240]


async def test_a_right_code_with_a_wrong_password_tells_nothing(page, elsewhere, desk, clock):
    app, codes = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    for code in (app.code(), codes[0]):
        answer = await elsewhere.sign_in(code, status=401, password="wrong password")
        assert "codeRequired" not in answer
    await elsewhere.sign_in(app.code())
    await elsewhere.sign_in(codes[0])


# -- recovery codes -----------------------------------------------------------------------------


async def test_each_recovery_code_signs_in_once(page, elsewhere, desk):
    _, codes = await page.enrol(desk)
    for code in codes[:4]:
        await elsewhere.sign_in(code.upper().replace("-", " "))
        await elsewhere.sign_in(code, status=401)
    assert (await page.me())["twoFactor"]["recoveryCodesLeft"] == 6


async def test_a_recovery_code_used_twice_at_once_signs_in_once(page, site, desk):
    _, codes = await page.enrol(desk)
    body = {"email": EMAIL, "password": PASSWORD, "code": codes[0]}
    browsers = [Browser(site) for _ in range(4)]
    answers = await asyncio.gather(*(each.call("POST", "sign-in", body) for each in browsers))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_a_new_set_of_recovery_codes_ends_the_old(page, elsewhere, desk):
    _, old = await page.enrol(desk)
    renewed = await page.ask("POST", "me/recovery-codes", {"password": PASSWORD})
    new = renewed["recoveryCodes"]
    assert len(set(new)) == 10
    assert not set(new) & set(old)
    await elsewhere.sign_in(old[0], status=401)
    await elsewhere.sign_in(new[0])
    assert (await desk.changes())[-3].data == {"what": "recovery codes renewed"}


async def test_recovery_codes_need_a_second_factor_to_stand_in_for(page):
    await page.ask("POST", "me/recovery-codes", {"password": PASSWORD}, 409)


# -- removing -----------------------------------------------------------------------------------


async def test_an_app_is_removed_with_password_and_code(page, elsewhere, desk, clock):
    app, codes = await page.enrol(desk)
    clock.advance(STEP)
    wrong = await page.ask("POST", "me/totp/remove", {"password": PASSWORD, "code": "000000"}, 400)
    assert wrong["errors"][0]["field"] == "code"
    body = {"password": "wrong password", "code": app.code()}
    assert (await page.ask("POST", "me/totp/remove", body, 400))["errors"][0]["field"] == "password"
    await page.ask("POST", "me/totp/remove", {**body, "password": PASSWORD}, 204)
    assert (await page.me())["twoFactor"] == {
        "totp": False, "passkeys": 0, "recoveryCodesLeft": 0, "required": False,
    }  # fmt: skip
    await elsewhere.sign_in()
    await page.ask("POST", "me/totp/remove", {"password": PASSWORD, "code": codes[0]}, 409)


async def test_without_the_phone_an_app_is_removed_by_recovery_codes(elsewhere, page, desk):
    _, codes = await page.enrol(desk)
    await elsewhere.sign_in(codes[0])
    body = {"password": PASSWORD, "code": codes[1]}
    await elsewhere.ask("POST", "me/totp/remove", body, 204)


@strict
async def test_the_last_factor_stays_where_the_role_needs_one(page, desk, clock):
    app, _ = await page.enrol(desk)
    clock.advance(STEP)
    body = {"password": PASSWORD, "code": app.code()}
    refused = await page.ask("POST", "me/totp/remove", body, 409)
    assert "role needs two-factor" in refused["message"]
    added = device()
    await page.add_passkey(added)
    await page.ask("POST", "me/totp/remove", body, 204)
    passkey = (await page.ask("GET", "me/passkeys"))["passkeys"][0]
    path = f"me/passkeys/{passkey['passkeyId']}/remove"
    await page.ask("POST", path, {"password": PASSWORD}, 409)


@strict
async def test_a_role_is_held_back_until_a_factor_is_set_up(page, desk):
    me = await page.me()
    assert (me["role"], me["needsSecondFactor"]) == ("admin", True)
    refused = await page.ask("GET", "staff", status=403)
    assert "two-factor" in refused["message"]
    await page.enrol(desk)
    assert not (await page.me())["needsSecondFactor"]
    await page.ask("GET", "staff")


# -- what ends, and who goes on -----------------------------------------------------------------


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
