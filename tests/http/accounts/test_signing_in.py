"""Signing in with a password or the PIN, as docs/api-accounts.md has it."""

import pytest
from litestar.testing import AsyncTestClient

from quadrangle.http.asking.auth import (
    DEVICE_COOKIE,
    MARKER_COOKIE,
    REFRESH_COOKIE,
    SESSION_COOKIE,
)
from tests.account_desk import EMAIL, PASSWORD, PIN
from tests.http.accounts.account_app import PAGE, app_of, cookies_of


async def test_signing_in_gives_a_token_the_account_and_the_page_cookie(client, desk):
    body = {"email": EMAIL.upper(), "password": PASSWORD}
    response = await client.post("/api/accounts/sign-in", json=body)
    answer = response.json()
    account = await desk.account(EMAIL)
    assert answer["expiresIn"] == 900
    assert answer["account"] == {
        "accountId": account.account_id,
        "email": EMAIL,
        "name": "Administrator",
        "role": "admin",
    }
    assert {name: rest for name, _, *rest in cookies_of(response)} == {
        SESSION_COOKIE: ["HttpOnly", "Max-Age=900", "Path=/", "SameSite=strict"],
        REFRESH_COOKIE: [
            "HttpOnly", "Max-Age=1209600", "Path=/api/accounts", "SameSite=strict",
        ],
        MARKER_COOKIE: ["Max-Age=1209600", "Path=/", "SameSite=strict"],
        DEVICE_COOKIE: ["HttpOnly", "Max-Age=34560000", "Path=/api/accounts", "SameSite=strict"],
    }  # fmt: skip
    assert response.headers["cache-control"] == "no-store"
    me = await client.get("/api/accounts/me")  # by the cookie alone
    assert answer["account"].items() <= me.json().items()


async def test_the_cookie_is_secure_where_the_site_is(desk):
    async with AsyncTestClient(app_of(desk, secure=True)) as client:
        body = {"email": EMAIL, "password": PASSWORD}
        response = await client.post("/api/accounts/sign-in", json=body)
    assert all("Secure" in cookie for cookie in cookies_of(response))


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    answers = []
    for email in (EMAIL, "nobody@campus.example"):
        body = {"email": email, "password": "wrong password"}
        response = await client.post("/api/accounts/sign-in", json=body)
        answers.append((response.status_code, response.text))
        assert "set-cookie" not in response.headers
    assert answers[0] == answers[1]
    assert answers[0][0] == 401


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("/api/accounts/sign-in", {}, ["email", "password"]),
        ("/api/accounts/sign-in", {"email": "x", "password": ""}, ["email", "password"]),
        ("/api/accounts/sign-in", {"email": "a\x00@b.example", "password": "x"}, ["email"]),
        ("/api/accounts/sign-in", {"email": EMAIL, "password": "x" * 201}, ["password"]),
        ("/api/accounts/sign-in", {"email": EMAIL, "password": 7}, ["password"]),
        ("/api/accounts/pin", {"pin": ""}, ["pin"]),
        ("/api/accounts/pin", {"pin": 27182818}, ["pin"]),
    ],
)
async def test_what_cannot_be_right_is_named(client, path, body, fields):
    response = await client.post(path, json=body)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == fields


async def test_secrets_may_hold_any_character(client):
    for secret in ("\x00null", "\U0001f511 key", "a" * 200):
        body = {"email": EMAIL, "password": secret}
        assert (await client.post("/api/accounts/sign-in", json=body)).status_code == 401


async def test_the_pin_signs_staff_in_without_an_account(client):
    response = await client.post("/api/accounts/pin", json={"pin": PIN})
    assert response.json()["account"]["accountId"] is None
    assert SESSION_COOKIE in response.cookies
    me = await client.get("/api/accounts/me")
    assert {k: me.json()[k] for k in ("accountId", "email", "name", "role")} == {
        "accountId": None,
        "email": None,
        "name": "Staff (PIN)",
        "role": "staff",
    }
    assert (await client.get("/api/accounts/staff")).status_code == 200
    password = {"currentPassword": "x", "newPassword": "a better phrase"}
    response = await client.put("/api/accounts/me/password", json=password, headers=PAGE)
    assert response.status_code == 403
    assert (await client.put("/api/accounts/pin", json={}, headers=PAGE)).status_code == 403


async def test_five_wrong_pins_lock_the_address_out(client):
    there = {"X-Test-Address": "192.0.2.1"}
    for _ in range(5):
        response = await client.post("/api/accounts/pin", json={"pin": "wrong-pin"}, headers=there)
        assert response.status_code == 401
    response = await client.post("/api/accounts/pin", json={"pin": PIN}, headers=there)
    assert response.status_code == 429
    assert response.headers["retry-after"] == "60"
    assert "60 seconds" in response.json()["message"]
    elsewhere = await client.post("/api/accounts/pin", json={"pin": PIN})
    assert elsewhere.status_code == 200


# -- the description ----------------------------------------------------------------------------


def test_every_route_is_described_and_hides_its_dependencies(desk):
    schema = app_of(desk).openapi_schema.to_schema()
    operations = [op for path in schema["paths"].values() for op in path.values()]
    assert operations
    for operation in operations:
        assert operation["summary"]
        assert operation["tags"] in (["Accounts"], ["People"], ["API keys"], ["Audit"])
        assert "503" in operation["responses"]
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert names.isdisjoint({"accounts", "principal", "place", "secure_cookies"})
