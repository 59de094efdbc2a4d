"""Passkeys that are refused, with a software authenticator that can also answer wrongly."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from quadrangle.accounts.own.states import STATE_LIFE
from quadrangle.accounts.rules import AccountEdit
from quadrangle.accounts.sign_in.door_rules import SIGNED_BY_ADDRESS
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from tests.account_desk import EMAIL, PASSWORD
from tests.http.accounts.factor_pages import BO, ELSEWHERE, Browser, bo, device

# -- when adding --------------------------------------------------------------------------------


async def begun(page: Browser) -> dict[str, Any]:
    return await page.ask("POST", "me/passkeys/options", {"password": PASSWORD})


async def test_a_passkey_is_added_once(page, site, desk):
    held = device()
    await page.add_passkey(held)
    other, password = await bo(site, desk)
    asked = await other.ask("POST", "me/passkeys/options", {"password": password})
    same = device(next_id=held.credentials[0].id)
    body = {"state": asked["state"], "name": "x", "credential": same.create(asked["options"])}
    await other.ask("POST", "me/passkeys", body, 409)
    assert not (await other.me())["twoFactor"]["passkeys"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://campus.example.evil.example"},
        {"origin": "http://campus.example"},
        {"rp_id": "evil.example"},
        {"verifies": False},
    ],
)
async def test_a_key_made_for_another_site_or_unverified_is_not_added(page, wrong):
    refused = await page.add_passkey(device(**wrong), status=400)
    assert refused["errors"][0]["field"] == "credential"
    assert (await page.ask("GET", "me/passkeys"))["passkeys"] == []
    assert not (await page.me())["twoFactor"]["passkeys"]


async def test_an_answer_to_another_challenge_is_not_added(page):
    first, second = await begun(page), await begun(page)
    answer = device().create(second["options"])
    body = {"state": first["state"], "name": "x", "credential": answer}
    await page.ask("POST", "me/passkeys", body, 400)


async def test_an_assertion_is_no_registration(page):
    held = device()
    await page.add_passkey(held)
    asked = await begun(page)
    body = {"state": asked["state"], "name": "x", "credential": held.get(asked["options"])}
    await page.ask("POST", "me/passkeys", body, 400)


@pytest.mark.parametrize("made_up", [{}, {"id": 1}, {"response": []}, {"id": "x", "rawId": "x"}])
async def test_what_is_no_credential_is_refused(page, elsewhere, made_up):
    asked = await begun(page)
    body = {"state": asked["state"], "name": "x", "credential": made_up}
    await page.ask("POST", "me/passkeys", body, 400)
    state = (await elsewhere.ask("POST", "passkey/options"))["state"]
    await elsewhere.ask("POST", "passkey", {"state": state, "credential": made_up}, 401)


async def test_a_state_is_good_once_for_five_minutes_for_its_account_and_purpose(
    page, site, desk, clock
):
    other, _ = await bo(site, desk)

    async def answered(**different: Any) -> dict[str, Any]:
        asked = await begun(page)
        credential = device().create(asked["options"])
        return {"state": asked["state"], "name": "x", "credential": credential, **different}

    body = await answered()
    codes = (await page.ask("POST", "me/passkeys", body, 201))["recoveryCodes"]
    await page.ask("POST", "me/passkeys", body, 410)
    await other.ask("POST", "me/passkeys", await answered(), 410)
    sign_in = await page.ask("POST", "passkey/options")
    access = (await Browser(site).sign_in(codes[0]))["accessToken"]
    for state in (sign_in["state"], access, "é", "x"):
        await page.ask("POST", "me/passkeys", await answered(state=state), 410)
    late = await answered()
    clock.advance(STATE_LIFE)
    await page.ask("POST", "me/passkeys", late, 410)


async def test_a_state_ends_with_any_change_of_factors(page, desk):
    asked = await begun(page)
    await page.add_passkey(device())
    body = {"state": asked["state"], "name": "x", "credential": device().create(asked["options"])}
    await page.ask("POST", "me/passkeys", body, 410)


async def test_an_account_has_twenty_at_most(page):
    for _ in range(20):
        await page.add_passkey(device())
    await page.ask("POST", "me/passkeys/options", {"password": PASSWORD}, 409)


# -- when signing in ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://campus.example:8443"},
        {"rp_id": "evil.example"},
        {"verifies": False},
    ],
)
async def test_an_answer_given_to_another_site_or_unverified_does_not_sign_in(
    page, elsewhere, wrong
):
    held = device()
    await page.add_passkey(held)
    await elsewhere.passkey_sign_in(device(**wrong, credentials=held.credentials), 401)
    await elsewhere.passkey_sign_in(held)


async def sent(elsewhere: Browser, held, status: int, change=None, asked=None) -> Any:
    """Sign in with an answer that `change` has tampered with."""
    asked = asked or await elsewhere.ask("POST", "passkey/options")
    credential = held.get(asked["options"])
    if change is not None:
        change(credential)
    body = {"state": asked["state"], "credential": credential}
    await elsewhere.ask("POST", "passkey", body, status)
    return body


async def test_a_replayed_answer_does_not_sign_in(page, elsewhere):
    held = device()
    await page.add_passkey(held)
    body = await sent(elsewhere, held, 200)
    await elsewhere.ask("POST", "passkey", body, 401)
    fresh = await elsewhere.ask("POST", "passkey/options")
    await elsewhere.ask("POST", "passkey", {**body, "state": fresh["state"]}, 401)


async def test_an_answer_to_another_challenge_does_not_sign_in(page, elsewhere):
    held = device()
    await page.add_passkey(held)
    first, second = [await elsewhere.ask("POST", "passkey/options") for _ in range(2)]
    await sent(elsewhere, held, 401, asked={**first, "options": second["options"]})
    registration = await begun(page)
    await sent(elsewhere, held, 401, asked=registration)
    late = await elsewhere.ask("POST", "passkey/options")
    await sent(elsewhere, held, 200, asked=late)


async def test_a_late_answer_does_not_sign_in(page, elsewhere, clock):
    held = device()
    await page.add_passkey(held)
    asked = await elsewhere.ask("POST", "passkey/options")
    clock.advance(STATE_LIFE - timedelta(seconds=1))
    in_time = await elsewhere.ask("POST", "passkey/options")
    clock.advance(timedelta(seconds=1))
    await sent(elsewhere, held, 401, asked=asked)
    await sent(elsewhere, held, 200, asked=in_time)


def flipped(name: str):
    """Return what changes the last byte of a field."""

    def change(credential: dict[str, Any]) -> None:
        text = credential["response"][name]
        data = bytearray(base64.urlsafe_b64decode(text + "=="))
        data[-1] ^= 1
        credential["response"][name] = base64.urlsafe_b64encode(data).decode().rstrip("=")

    return change


@pytest.mark.parametrize("name", ["signature", "authenticatorData", "userHandle"])
async def test_a_tampered_answer_does_not_sign_in(page, elsewhere, name):
    held = device()
    await page.add_passkey(held)
    await sent(elsewhere, held, 401, flipped(name))


async def test_an_answer_without_its_account_does_not_sign_in(page, elsewhere):
    held = device()
    await page.add_passkey(held)
    await sent(elsewhere, held, 401, lambda credential: credential["response"].pop("userHandle"))


async def test_another_persons_key_does_not_sign_in(page, elsewhere, site, desk):
    mine, theirs = device(), device()
    await page.add_passkey(mine)
    other, password = await bo(site, desk)
    asked = await other.ask("POST", "me/passkeys/options", {"password": password})
    credential = theirs.create(asked["options"])
    body = {"state": asked["state"], "name": "x", "credential": credential}
    await other.ask("POST", "me/passkeys", body, 201)

    def take(credential: dict[str, Any]) -> None:
        mine_now = mine.get({"challenge": "AAAA"})
        credential.update(id=mine_now["id"], rawId=mine_now["rawId"])

    await sent(elsewhere, theirs, 401, take)

    def claim(credential: dict[str, Any]) -> None:
        mine_now = mine.get({"challenge": "AAAA"})
        credential["response"]["userHandle"] = mine_now["response"]["userHandle"]

    await sent(elsewhere, theirs, 401, claim)
    assert (await elsewhere.passkey_sign_in(theirs))["account"]["email"] == BO


async def test_unknown_and_refused_passkeys_get_the_same_answer(page, elsewhere, desk):
    held, stray = device(), device()
    await page.add_passkey(held)
    asked = await begun(page)
    stray.create(asked["options"])
    unknown = await elsewhere.passkey_sign_in(stray, 401)
    wrong = device(origin="https://evil.example", credentials=held.credentials)
    assert await elsewhere.passkey_sign_in(wrong, 401) == unknown
    account = await desk.account(EMAIL)
    boss = Principal("Boss", Role.ADMIN, new_id())
    await desk.hire(boss, BO, Role.ADMIN)
    await desk.service.people.edit(account.account_id, AccountEdit(active=False), boss)
    assert await elsewhere.passkey_sign_in(held, 401) == unknown


async def test_a_count_that_goes_back_is_refused_and_told(page, elsewhere, desk):
    held = device()
    await page.add_passkey(held)
    for _ in range(3):
        await elsewhere.passkey_sign_in(held)
    held.credentials[0].count = 1  # as a copy made earlier has it
    await elsewhere.passkey_sign_in(held, 401)
    last = (await desk.changes())[-1]
    account = await desk.account(EMAIL)
    assert (last.kind, last.subject) == ("account.passkey-cloned", account.account_id)
    assert last.origin == ELSEWHERE
    held.credentials[0].count = 3
    await elsewhere.passkey_sign_in(held)


async def test_an_address_that_goes_on_is_locked_out(page, elsewhere):
    held = device()
    await page.add_passkey(held)
    wrong = device(origin="https://evil.example", credentials=held.credentials)
    for _ in range(SIGNED_BY_ADDRESS.tries):
        await elsewhere.passkey_sign_in(wrong, 401)
    await elsewhere.passkey_sign_in(held, 429)
    await page.passkey_sign_in(held)
