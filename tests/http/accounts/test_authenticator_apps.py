"""An authenticator app, set up and removed, as docs/api-accounts.md has it."""

import xml.etree.ElementTree as ET
from datetime import timedelta

from quadrangle.kernel.principal import Principal
from tests.account_desk import EMAIL, PASSWORD
from tests.http.accounts.factor_pages import STEP, App, Browser, device, strict

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
