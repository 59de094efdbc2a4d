"""A browser that signed in before gets in while others of its address guess."""

import pytest

from quadrangle.http.asking.auth import DEVICE_COOKIE, REFRESH_PATH
from tests.account_desk import EMAIL, PASSWORD, PIN
from tests.http.accounts.account_app import Client

PIN_CALL, SIGN_IN = "/api/accounts/pin", "/api/accounts/sign-in"
CALLS = [(PIN_CALL, {"pin": PIN}), (SIGN_IN, {"email": EMAIL, "password": PASSWORD})]


async def status(client: Client, call: str, body: dict[str, str], mark: str = "") -> int:
    client.cookies.clear()
    headers = {"Cookie": f"{DEVICE_COOKIE}={mark}"} if mark else {}
    return (await client.post(call, json=body, headers=headers)).status_code


async def guess(client: Client) -> None:
    """Guess until the address is locked."""
    for n in range(25):
        wrong = {"email": f"{n}@campus.example", "password": "not my password"}
        await status(client, SIGN_IN, wrong)
        await status(client, PIN_CALL, {"pin": "99999999"})


@pytest.mark.parametrize(("call", "right"), CALLS, ids=["pin", "password"])
async def test_others_guesses_lock_only_devices_that_nobody_knows(client, call, right):
    answer = await client.post(call, json=right)
    mark = answer.cookies[DEVICE_COOKIE]
    (cookie,) = [
        each for each in answer.headers.get_list("set-cookie") if each.startswith(DEVICE_COOKIE)
    ]
    assert {"HttpOnly", f"Path={REFRESH_PATH}", "SameSite=strict"} <= set(cookie.split("; "))
    await guess(client)
    assert await status(client, call, right) == 429
    assert await status(client, call, right, "A" * 22) == 429
    assert await status(client, call, right, mark) == 200


async def test_a_device_keeps_its_mark_and_a_wrong_sign_in_gives_none(client):
    body = {"email": EMAIL, "password": PASSWORD}
    mark = (await client.post(SIGN_IN, json=body)).cookies[DEVICE_COOKIE]
    again = await client.post(SIGN_IN, json=body)
    assert again.cookies[DEVICE_COOKIE] == mark
    client.cookies.clear()
    wrong = await client.post(SIGN_IN, json=body | {"password": "not my password"})
    assert wrong.status_code == 401
    assert DEVICE_COOKIE not in wrong.cookies
    odd = await client.post(SIGN_IN, json=body, headers={"Cookie": f"{DEVICE_COOKIE}=x y"})
    assert odd.cookies[DEVICE_COOKIE] not in ("x y", mark)
