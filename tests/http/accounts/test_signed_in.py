"""What those who have signed in do with that: going on, signing out, their own account."""

import jwt
import pytest

from quadrangle.http.asking.auth import (
    DEVICE_COOKIE,
    MARKER_COOKIE,
    REFRESH_COOKIE,
    SESSION_COOKIE,
)
from tests.account_desk import EMAIL, ISSUER, PASSWORD, PIN
from tests.http.accounts.account_app import PAGE, cookies_of, sign_in

# -- going on and signing out -------------------------------------------------------------------


async def test_refreshing_gives_new_tokens_of_the_same_person(client):
    body = {"email": EMAIL, "password": PASSWORD}
    before = (await client.post("/api/accounts/sign-in", json=body)).json()
    client.cookies.clear()
    body = {"refreshToken": before["refreshToken"]}
    response = await client.post("/api/accounts/refresh", json=body)
    assert response.status_code == 200
    assert response.json()["account"]["email"] == EMAIL
    for name in ("accessToken", "refreshToken"):
        assert response.json()[name] != before[name]


async def test_a_page_is_refreshed_by_its_cookie(client):
    await client.post("/api/accounts/pin", json={"pin": PIN})
    del client.cookies[SESSION_COOKIE]
    assert (await client.get("/api/accounts/me")).status_code == 401
    response = await client.post("/api/accounts/refresh", json={}, headers=PAGE)
    assert response.json()["account"]["accountId"] is None
    assert (await client.get("/api/accounts/me")).json()["role"] == "staff"


async def test_a_page_whose_short_cookie_ran_out_changes_nothing_as_somebody_else(client):
    await client.post("/api/accounts/pin", json={"pin": PIN})
    del client.cookies[SESSION_COOKIE]
    response = await client.put("/api/accounts/pin", json={}, headers=PAGE)
    assert response.status_code == 401
    assert "renewed" in response.json()["message"]


async def test_a_refresh_that_fails_signs_the_page_out(client):
    await client.post("/api/accounts/pin", json={"pin": PIN})
    stolen = client.cookies[REFRESH_COOKIE]
    await client.post("/api/accounts/sign-out", headers=PAGE)
    there = {**PAGE, "Cookie": f"{REFRESH_COOKIE}={stolen}"}
    response = await client.post("/api/accounts/refresh", json={}, headers=there)
    assert response.status_code == 401
    assert {name for name, *_ in cookies_of(response)} == {
        SESSION_COOKIE, REFRESH_COOKIE, MARKER_COOKIE,
    }  # fmt: skip
    assert all("Max-Age=0" in cookie for cookie in cookies_of(response))


async def test_refreshing_needs_a_sign_in(client):
    assert (await client.post("/api/accounts/refresh", json={})).status_code == 401
    assert (await client.get("/api/accounts/me")).status_code == 401


async def test_signing_out_clears_the_cookies_and_ends_the_tokens(client):
    body = {"email": EMAIL, "password": PASSWORD}
    answer = (await client.post("/api/accounts/sign-in", json=body)).json()
    response = await client.post("/api/accounts/sign-out", headers=PAGE)
    assert response.status_code == 204
    assert response.content == b""
    assert set(client.cookies) == {DEVICE_COOKIE}  # it stays, and lets nobody in
    stolen = {"Authorization": f"Bearer {answer['accessToken']}"}
    assert (await client.get("/api/accounts/me", headers=stolen)).status_code == 401
    body = {"refreshToken": answer["refreshToken"]}
    assert (await client.post("/api/accounts/refresh", json=body)).status_code == 401


async def test_signing_out_everywhere_ends_the_other_browser_too(client):
    elsewhere = await sign_in(client)
    await client.post("/api/accounts/sign-in", json={"email": EMAIL, "password": PASSWORD})
    listed = (await client.get("/api/accounts/me/sessions")).json()["sessions"]
    assert sorted(session["current"] for session in listed) == [False, True]
    path = "/api/accounts/sign-out-everywhere"
    assert (await client.post(path, headers=PAGE)).status_code == 204
    assert (await client.get("/api/accounts/me", headers=elsewhere)).status_code == 401


async def test_one_sign_in_is_ended_from_the_list(client):
    elsewhere = await sign_in(client)
    await client.post("/api/accounts/sign-in", json={"email": EMAIL, "password": PASSWORD})
    listed = (await client.get("/api/accounts/me/sessions")).json()["sessions"]
    (other,) = [each["sessionId"] for each in listed if not each["current"]]
    path = f"/api/accounts/me/sessions/{other}"
    assert (await client.delete(path, headers=PAGE)).status_code == 204
    assert (await client.delete(path, headers=PAGE)).status_code == 404
    assert (await client.get("/api/accounts/me", headers=elsewhere)).status_code == 401
    assert (await client.get("/api/accounts/me")).status_code == 200


async def test_anyone_may_sign_out(client):
    assert (await client.post("/api/accounts/sign-out")).status_code == 204
    client.cookies.set(SESSION_COOKIE, "nonsense")
    assert (await client.post("/api/accounts/sign-out", headers=PAGE)).status_code == 204


async def test_a_page_from_elsewhere_cannot_use_the_cookie(client):
    await client.post("/api/accounts/sign-in", json={"email": EMAIL, "password": PASSWORD})
    for path in ("/api/accounts/refresh", "/api/accounts/sign-out"):
        assert (await client.post(path, json={})).status_code == 403
    assert (await client.get("/api/accounts/me")).status_code == 200


async def test_anyone_may_fetch_the_keys_that_check_our_tokens(client):
    token = (await sign_in(client))["Authorization"].removeprefix("Bearer ")
    response = await client.get("/.well-known/jwks.json")
    assert response.headers["cache-control"] == "public, max-age=3600"
    key = jwt.PyJWKSet.from_dict(response.json())[jwt.get_unverified_header(token)["kid"]]
    options: jwt.types.Options = {"verify_exp": False, "verify_iat": False}
    payload = jwt.decode(
        token, key, ["EdDSA"], audience="quadrangle", issuer=ISSUER, options=options
    )
    assert payload["role"] == "admin"


# -- their own account --------------------------------------------------------------------------


async def test_people_change_their_own_name(client):
    headers = await sign_in(client)
    response = await client.patch("/api/accounts/me", json={"name": " Ada "}, headers=headers)
    assert (response.json()["name"], response.json()["status"]) == ("Ada", "active")
    assert (await client.get("/api/accounts/me", headers=headers)).json()["name"] == "Ada"


async def test_changing_ones_password_keeps_this_page_signed_in_and_ends_the_rest(client):
    elsewhere = await sign_in(client)
    await client.post("/api/accounts/sign-in", json={"email": EMAIL, "password": PASSWORD})
    body = {"currentPassword": PASSWORD, "newPassword": "a better phrase"}
    response = await client.put("/api/accounts/me/password", json=body, headers=PAGE)
    assert response.status_code == 204
    assert (await client.get("/api/accounts/me")).status_code == 200
    client.cookies.clear()
    assert (await client.get("/api/accounts/me", headers=elsewhere)).status_code == 401
    await sign_in(client, password="a better phrase")


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("not my password", "a better phrase", "currentPassword"),
        (PASSWORD, "short", "newPassword"),
        (PASSWORD, EMAIL, "newPassword"),
        (PASSWORD, PASSWORD, "newPassword"),
    ],
)
async def test_a_password_is_not_changed_without_the_old_or_to_an_easy_one(
    client, current, new, field
):
    headers = await sign_in(client)
    body = {"currentPassword": current, "newPassword": new}
    response = await client.put("/api/accounts/me/password", json=body, headers=headers)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    await sign_in(client)
