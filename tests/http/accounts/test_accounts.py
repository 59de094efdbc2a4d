"""The account routes as docs/api.md has them."""

from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from litestar import Litestar, Request
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from quadrangle.accounts.http import routes as account_routes
from quadrangle.http.answers.downloads import StreamedDownloads
from quadrangle.http.answers.errors import EXCEPTION_HANDLERS
from quadrangle.http.asking.auth import (
    DEVICE_COOKIE,
    MARKER_COOKIE,
    REFRESH_COOKIE,
    SESSION_COOKIE,
    provide_principal,
)
from quadrangle.http.asking.limits import RateLimiter
from quadrangle.kernel.principal import Role
from tests.account_desk import EMAIL, ISSUER, PASSWORD, PIN, Desk, SqlDesk

Client = AsyncTestClient[Litestar]
PAGE = {"X-Requested-With": "quadrangle"}


@pytest.fixture
async def desk(sqlite_database, clock) -> Desk:
    opened = SqlDesk(sqlite_database, clock)
    await opened.open()
    return opened


def app_of(desk: Desk, *, secure: bool = False, limits: bool = False) -> Litestar:
    async def address(request: Request[Any, Any, Any]) -> str:
        return request.headers.get("X-Test-Address", "198.51.100.7")

    def constant(value: Any) -> Provide:
        return Provide(lambda: value, sync_to_thread=False)

    return Litestar(
        account_routes.ROUTES,
        dependencies={
            "accounts": constant(desk.service),
            "authenticator": constant(desk.service.authentication),
            "secure_cookies": constant(secure),
            "limiter": constant(RateLimiter(enabled=limits)),
            "downloads": constant(StreamedDownloads()),
            "client_address": Provide(address),
            "principal": Provide(provide_principal),
            **account_routes.DEPENDENCIES,
        },
        exception_handlers=EXCEPTION_HANDLERS,
    )


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[Client]:
    async with AsyncTestClient(app_of(desk)) as opened:
        yield opened


async def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD) -> dict[str, str]:
    """Sign in as a program does; return the header that says so."""
    body = {"email": email, "password": password}
    response = await client.post("/api/accounts/sign-in", json=body)
    assert response.status_code == 200, response.text
    client.cookies.clear()
    return {"Authorization": f"Bearer {response.json()['accessToken']}"}


def cookies_of(response) -> list[list[str]]:
    """Return each cookie that was set: its name, its value, then its attributes in order."""
    found = []
    for header in response.headers.get_list("set-cookie"):
        pair, *attributes = header.split("; ")
        found.append([*pair.split("=", 1), *sorted(attributes)])
    return found


async def hire(client: Client, headers, email="bo@campus.example", role="staff") -> dict[str, Any]:
    """Open an account with a password, as an admin does for someone who stands before them."""
    body = {"email": email, "name": "Bo", "role": role}
    response = await client.post("/api/accounts/people", json=body, headers=headers)
    assert response.status_code == 201, response.text
    path = f"/api/accounts/people/{response.json()['account']['accountId']}"
    password = (await client.post(path + "/password", headers=headers)).json()["password"]
    account = (await client.get(path, headers=headers)).json()
    return {"account": account, "password": password}


# -- signing in ---------------------------------------------------------------------------------


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


async def test_people_change_their_own_name(client):
    headers = await sign_in(client)
    response = await client.patch("/api/accounts/me", json={"name": " Ada "}, headers=headers)
    assert (response.json()["name"], response.json()["status"]) == ("Ada", "active")
    assert (await client.get("/api/accounts/me", headers=headers)).json()["name"] == "Ada"


async def test_anyone_may_sign_out(client):
    assert (await client.post("/api/accounts/sign-out")).status_code == 204
    client.cookies.set(SESSION_COOKIE, "nonsense")
    assert (await client.post("/api/accounts/sign-out", headers=PAGE)).status_code == 204


async def test_a_page_from_elsewhere_cannot_use_the_cookie(client):
    await client.post("/api/accounts/sign-in", json={"email": EMAIL, "password": PASSWORD})
    for path in ("/api/accounts/refresh", "/api/accounts/sign-out"):
        assert (await client.post(path, json={})).status_code == 403
    assert (await client.get("/api/accounts/me")).status_code == 200


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


# -- staff and the PIN --------------------------------------------------------------------------


async def test_an_admin_changes_the_pin(client):
    admin = await sign_in(client)
    by_pin = await client.post("/api/accounts/pin", json={"pin": PIN})
    old = {"Authorization": f"Bearer {by_pin.json()['accessToken']}"}
    client.cookies.clear()
    made = (await client.put("/api/accounts/pin", json={}, headers=admin)).json()["pin"]
    assert len(made) == 8
    assert (await client.get("/api/accounts/me", headers=old)).status_code == 401
    assert (await client.post("/api/accounts/pin", json={"pin": PIN})).status_code == 401
    assert (await client.post("/api/accounts/pin", json={"pin": made})).status_code == 200
    client.cookies.clear()
    chosen = await client.put("/api/accounts/pin", json={"pin": "9f-3k!x"}, headers=admin)
    assert chosen.json() == {"pin": "9f-3k!x"}
    easy = await client.put("/api/accounts/pin", json={"pin": "123456"}, headers=admin)
    assert easy.status_code == 400


async def test_staff_is_listed_for_staff_only(client):
    admin = await sign_in(client)
    hired = await hire(client, admin)
    headers = await sign_in(client, "bo@campus.example", hired["password"])
    listed = (await client.get("/api/accounts/staff", headers=headers)).json()["staff"]
    assert [(each["name"], each["active"]) for each in listed] == [
        ("Administrator", True),
        ("Bo", True),
    ]
    assert set(listed[0]) == {"accountId", "email", "name", "role", "active", "createdAt"}
    assert (await client.get("/api/accounts/staff")).status_code == 401


async def test_nothing_is_assigned_to_who_has_not_come_yet(client, desk):
    admin = await sign_in(client)
    body = {"email": "cy@campus.example", "name": "Cy", "role": "staff"}
    invited = await client.post("/api/accounts/people", json=body, headers=admin)
    account_id = invited.json()["account"]["accountId"]
    assert not await desk.service.staff.is_active_staff(account_id)


async def test_the_directory_knows_who_can_be_assigned(client, desk):
    admin = await sign_in(client)
    hired = (await hire(client, admin))["account"]
    account_id = hired["accountId"]
    assert await desk.service.staff.is_active_staff(account_id)
    assert not await desk.service.staff.is_active_staff("nobody")
    await client.patch(f"/api/accounts/people/{account_id}", json={"active": False}, headers=admin)
    assert not await desk.service.staff.is_active_staff(account_id)
    assert (await desk.service.staff.staff_names())[account_id] == "Bo"
    assert (await desk.account("bo@campus.example")).role is Role.STAFF


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
