"""Passkeys, with a software authenticator: added, named, used and removed."""

import base64

from tests.account_desk import EMAIL, PASSWORD
from tests.http.accounts.factor_pages import bo, device

# -- adding and signing in ----------------------------------------------------------------------


async def test_a_passkey_signs_in_without_an_address_or_a_code(page, elsewhere, desk):
    await page.enrol(desk)
    held = device()
    added = await page.add_passkey(held, " My  laptop ")
    assert (added["name"], added["usedAt"], added["recoveryCodes"]) == ("My  laptop", None, None)
    signed_in = await elsewhere.passkey_sign_in(held)
    assert signed_in["account"]["email"] == EMAIL
    me = await elsewhere.me()
    assert (me["twoFactor"]["totp"], me["twoFactor"]["passkeys"]) == (True, 1)
    sessions = (await elsewhere.ask("GET", "me/sessions"))["sessions"]
    assert [each["method"] for each in sessions if each["current"]] == ["passkey"]
    listed = (await elsewhere.ask("GET", "me/passkeys"))["passkeys"]
    assert [(each["passkeyId"], each["name"]) for each in listed] == [
        (added["passkeyId"], "My  laptop")
    ]
    assert listed[0]["usedAt"] is not None
    last = (await desk.changes())[-1]
    assert (last.kind, last.data) == ("account.signed-in", {"method": "passkey"})


async def test_what_the_browser_is_asked_for(page, desk):
    account = await desk.account(EMAIL)
    held = device()
    added = await page.add_passkey(held)
    asked = (await page.ask("POST", "me/passkeys/options", {"password": PASSWORD}))["options"]
    assert asked["rp"] == {"id": "campus.example", "name": "Quadrangle"}
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"
    assert [each["id"] for each in asked["excludeCredentials"]] == [added["passkeyId"]]
    told = base64.urlsafe_b64decode(asked["user"]["id"] + "==").decode()
    assert told == account.account_id
    sign_in = (await page.ask("POST", "passkey/options"))["options"]
    assert (sign_in["rpId"], sign_in["userVerification"]) == ("campus.example", "required")
    assert not sign_in.get("allowCredentials")


async def test_with_only_a_passkey_a_password_alone_does_not_sign_in(page, elsewhere):
    held = device()
    codes = (await page.add_passkey(held))["recoveryCodes"]
    assert len(codes) == 10
    asked = await elsewhere.sign_in(status=401)
    assert (asked["codeRequired"], asked["recoveryOnly"]) == (True, True)
    assert "passkey" in asked["message"]
    await elsewhere.sign_in("123456", status=401)
    await elsewhere.sign_in(codes[0])
    await elsewhere.passkey_sign_in(held)


async def test_adding_and_removing_end_every_other_sign_in(page, elsewhere, desk):
    await elsewhere.sign_in()
    held = device()
    added = await page.add_passkey(held)
    await elsewhere.ask("GET", "me", status=401)
    await elsewhere.passkey_sign_in(held)
    path = f"me/passkeys/{added['passkeyId']}/remove"
    await page.ask("POST", path, {"password": PASSWORD}, 204)
    await elsewhere.ask("GET", "me", status=401)
    await elsewhere.passkey_sign_in(held, 401)
    await elsewhere.sign_in()
    assert (await page.me())["twoFactor"]["recoveryCodesLeft"] == 0
    told = [c.data for c in await desk.changes() if c.kind == "account.second-factor-changed"]
    assert told == [{"what": "passkey added"}, {"what": "passkey removed"}]


async def test_a_passkey_gets_another_name(page):
    added = await page.add_passkey(device())
    path = f"me/passkeys/{added['passkeyId']}"
    assert (await page.ask("PATCH", path, {"name": "Phone"}))["name"] == "Phone"
    for name in ("", " ", "x" * 61):
        await page.ask("PATCH", path, {"name": name}, 400)
    assert (await page.ask("GET", "me/passkeys"))["passkeys"][0]["name"] == "Phone"


async def test_another_persons_passkey_is_not_there(page, site, desk):
    added = await page.add_passkey(device())
    other, password = await bo(site, desk)
    assert (await other.ask("GET", "me/passkeys"))["passkeys"] == []
    for name in (added["passkeyId"], "x", "é", "x" * 1500, "%00"):
        await other.ask("PATCH", f"me/passkeys/{name}", {"name": "Mine"}, 404)
        await other.ask("POST", f"me/passkeys/{name}/remove", {"password": password}, 404)
    assert len((await page.ask("GET", "me/passkeys"))["passkeys"]) == 1


async def test_a_device_that_does_not_count_signs_in_again_and_again(page, elsewhere):
    held = device(counts=False)
    await page.add_passkey(held)
    for _ in range(3):
        await elsewhere.passkey_sign_in(held)


async def test_changes_tell_nothing_of_keys_and_devices(page, elsewhere, desk):
    held = device()
    added = await page.add_passkey(held, "Grandmother's phone")
    await elsewhere.passkey_sign_in(held)
    written = str(await desk.changes())
    for private in ("Grandmother", added["passkeyId"], added["recoveryCodes"][0]):
        assert private not in written
