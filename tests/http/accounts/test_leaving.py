"""Moving an account to another address, and closing it, over HTTP with what follows from each."""

from datetime import timedelta
from typing import Any

import pytest

from quadrangle.accounts.model import AccountState, Place
from quadrangle.accounts.outside.model import Identity
from quadrangle.accounts.policy_model import AccountPolicy, SignUp
from quadrangle.http.asking.auth import MARKER_COOKIE, REFRESH_COOKIE, SESSION_COOKIE
from quadrangle.kernel.principal import Principal, Role
from tests.account_desk import EMAIL, ISSUER, PASSWORD, PIN, SqlDesk
from tests.account_post import PostOffice, token_in
from tests.contracts.accounts.test_passkey_store import noted, passkey_of
from tests.http.accounts.account_app import PAGE, Client, cookies_of, sign_in

BO, NEW = "bo@campus.example", "quill@campus.example"
MOVE, CLOSE = "/api/accounts/me/email", "/api/accounts/me/close"


@pytest.fixture
def policy() -> AccountPolicy:
    return AccountPolicy(public_url=ISSUER)


@pytest.fixture
async def desk(sqlite_database, clock, policy) -> SqlDesk:
    return SqlDesk(sqlite_database, clock, policy)


@pytest.fixture
def post(desk) -> PostOffice:
    return PostOffice(desk)


@pytest.fixture
async def password(desk, post) -> str:
    """Bo, a member of staff beside the administrator, signs in with this."""
    admin = await desk.open()
    _, password = await desk.hire(admin, BO)
    await post.fetch(BO)
    return password


async def move(client: Client, headers: dict[str, str], email: str, password: str) -> Any:
    body = {"email": email, "password": password}
    return await client.put(MOVE, json=body, headers=headers)


async def confirm(client: Client, token: str) -> Any:
    return await client.post("/api/accounts/confirm", json={"token": token})


# -- another address ----------------------------------------------------------------------------


async def test_an_address_changes_once_the_new_one_is_confirmed(client, post, password):
    headers = await sign_in(client, BO, password)
    assert (await move(client, headers, NEW.upper(), password)).status_code == 202
    me = (await client.get("/api/accounts/me", headers=headers)).json()
    assert (me["email"], me["newEmail"]) == (BO, NEW)
    assert (await post.one(BO)).subject == "Your address is about to change"
    token = token_in(await post.one(NEW), "/confirm")
    assert (await confirm(client, token)).json() == {"email": NEW}
    assert (await confirm(client, token)).status_code == 410
    me = (await client.get("/api/accounts/me", headers=headers)).json()
    assert (me["email"], me["newEmail"]) == (NEW, None)
    await sign_in(client, NEW, password)


async def test_a_taken_address_gets_the_same_answer_and_its_owner_a_mail(
    client, desk, post, password
):
    headers = await sign_in(client, BO, password)
    taken = await move(client, headers, EMAIL, password)
    free = await move(client, headers, NEW, password)
    assert (taken.status_code, taken.text) == (free.status_code, free.text)
    await post.fetch(BO)
    await move(client, headers, EMAIL, password)
    assert (await post.one(EMAIL)).subject == "You have an account already"
    assert (await desk.account(BO)).email == BO


async def test_an_address_taken_meanwhile_is_not_taken_again(client, desk, post, password):
    headers = await sign_in(client, BO, password)
    await move(client, headers, NEW, password)
    token = token_in(await post.one(NEW), "/confirm")
    await desk.hire(await desk.service.sessions.authenticate(await admins_token(desk)), NEW)
    response = await confirm(client, token)
    assert response.status_code == 410
    assert "Another account" in response.json()["message"]
    assert (await desk.account(BO)).email == BO


async def admins_token(desk: SqlDesk) -> str:
    signed_in = await desk.service.sign_in.with_password(EMAIL, PASSWORD, Place("198.51.100.7"))
    return signed_in.access_token


async def test_a_link_to_an_address_works_once_even_when_it_is_asked_for_again(
    client, post, password
):
    headers = await sign_in(client, BO, password)
    await move(client, headers, NEW, password)
    first = token_in(await post.one(NEW), "/confirm")
    assert (await confirm(client, first)).status_code == 200
    await move(client, headers, BO, password)
    await confirm(client, token_in((await post.fetch(BO))[-1], "/confirm"))
    await move(client, headers, NEW, password)
    assert (await confirm(client, first)).status_code == 410


async def test_a_new_password_stops_a_change_of_address(client, post, password):
    headers = await sign_in(client, BO, password)
    await move(client, headers, NEW, password)
    token = token_in(await post.one(NEW), "/confirm")
    body = {"currentPassword": password, "newPassword": "nine green lanterns"}
    await client.put("/api/accounts/me/password", json=body, headers=headers)
    assert (await confirm(client, token)).status_code == 410
    headers = await sign_in(client, BO, "nine green lanterns")
    me = (await client.get("/api/accounts/me", headers=headers)).json()
    assert (me["email"], me["newEmail"]) == (BO, None)


async def test_a_day_later_the_link_to_a_new_address_is_over(client, post, password, clock):
    headers = await sign_in(client, BO, password)
    await move(client, headers, NEW, password)
    token = token_in(await post.one(NEW), "/confirm")
    clock.advance(timedelta(days=1))
    assert (await confirm(client, token)).status_code == 410


@pytest.mark.parametrize(
    ("email", "right", "field"),
    [(BO, True, "email"), ("x", True, "email"), (NEW, False, "password")],
)
async def test_what_is_wrong_with_a_new_address_is_named(client, password, email, right, field):
    headers = await sign_in(client, BO, password)
    response = await move(client, headers, email, password if right else "not my password")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize("policy", [AccountPolicy(SignUp.DOMAINS, ("campus.example",))])
async def test_where_domains_are_set_nobody_moves_away_from_them(client, password):
    headers = await sign_in(client, BO, password)
    response = await move(client, headers, "bo@elsewhere.example", password)
    assert response.status_code == 400
    assert "@campus.example" in response.json()["message"]


# -- closing ------------------------------------------------------------------------------------


async def test_a_closed_account_is_left_by_nobody_to_be_found(client, desk, post, password):
    body = {"email": BO, "password": password}
    await client.post("/api/accounts/sign-in", json=body)
    elsewhere = await sign_in(client, BO, password)
    account = await desk.account(BO)
    await client.post("/api/accounts/sign-in", json=body)
    await desk.service.leaving.ask_new_address(
        await desk.service.sessions.authenticate(client.cookies[SESSION_COOKIE]),
        NEW,
        password,
        Place("198.51.100.7"),
    )
    response = await client.post(CLOSE, json={"password": password}, headers=PAGE)
    assert (response.status_code, response.content) == (204, b"")
    assert {name: value for name, value, *_ in cookies_of(response)} == dict.fromkeys(
        (SESSION_COOKIE, REFRESH_COOKIE, MARKER_COOKIE), '""'
    )
    assert (await client.get("/api/accounts/me", headers=elsewhere)).status_code == 401
    assert (await client.post("/api/accounts/sign-in", json=body)).status_code == 401
    mail = (await post.fetch(BO))[-1]
    assert mail.subject == "Your account is closed"
    assert post.forgotten == {BO, NEW}
    closed = await desk.accounts.get(account.account_id)
    assert closed is not None
    assert (closed.state, closed.name) == (AccountState.CLOSED, "Former member")
    assert closed.email == f"{account.account_id}@closed.invalid"
    assert closed.new_email is None
    assert await desk.accounts.by_email(BO) is None
    assert await desk.parts.sessions.of_holder(account.account_id) == []
    assert not await desk.credentials.has_password(account.account_id)
    assert await desk.service.staff.is_active_staff(account.account_id) is False


async def test_a_closed_accounts_recovery_codes_go_and_what_else_is_kept_of_it(
    sqlite_database, clock, policy
):
    desk = SqlDesk(sqlite_database, clock, policy)
    admin = await desk.open()
    account, password = await desk.hire(admin, BO)
    await desk.parts.recovery_codes.replace(account.account_id, ["a-hash"])
    identity = Identity("https://sso.example", "bo", account.account_id, account.created_at)
    await desk.parts.identities.link(identity, [])
    bo = await desk.service.sessions.authenticate(
        (await desk.service.sign_in.with_password(BO, password, Place("h"))).access_token
    )
    await desk.service.leaving.close(bo, password, Place("h"))
    await PostOffice(desk).react()
    assert await desk.parts.recovery_codes.count(account.account_id) == 0
    assert await desk.parts.identities.of_account(account.account_id) == []


async def test_someone_may_come_back_with_the_address_of_a_closed_account(
    client, desk, post, password
):
    headers = await sign_in(client, BO, password)
    await client.post(CLOSE, json={"password": password}, headers=headers)
    await post.react()
    again, _ = await desk.hire(
        await desk.service.sessions.authenticate(await admins_token(desk)), BO, Role.STAFF
    )
    assert (await desk.account(BO)).account_id == again.account_id


async def test_the_last_administrator_stays_and_a_wrong_password_closes_nothing(
    client, desk, post, password
):
    admin = await sign_in(client)
    response = await client.post(CLOSE, json={"password": PASSWORD}, headers=admin)
    assert response.status_code == 409
    assert "last active administrator" in response.json()["message"]
    bo = await sign_in(client, BO, password)
    response = await client.post(CLOSE, json={"password": "wrong"}, headers=bo)
    assert response.status_code == 400
    await post.react()
    for email in (EMAIL, BO):
        assert (await desk.account(email)).state is AccountState.OPEN


async def test_only_an_account_moves_or_closes(client, password):
    bodies = {MOVE: {"email": NEW, "password": password}, CLOSE: {"password": password}}
    for path, method in ((MOVE, "PUT"), (CLOSE, "POST")):
        assert (await client.request(method, path, json=bodies[path])).status_code == 401
    answer = await client.post("/api/accounts/pin", json={"pin": PIN})
    pin = {"Authorization": f"Bearer {answer.json()['accessToken']}"}
    client.cookies.clear()
    for path, method in ((MOVE, "PUT"), (CLOSE, "POST")):
        response = await client.request(method, path, json=bodies[path], headers=pin)
        assert response.status_code == 403
    await client.post("/api/accounts/sign-in", json={"email": BO, "password": password})
    assert (await client.post(CLOSE, json=bodies[CLOSE])).status_code == 403  # no page header


async def test_passkeys_go_with_the_account(desk, post, password):
    account = await desk.account(BO)
    await desk.parts.passkeys.add(passkey_of(account), noted(desk, account))
    bo = Principal("Bo", Role.STAFF, account.account_id)
    await desk.service.leaving.close(bo, password, Place("h"))
    await post.react()
    assert await desk.parts.passkeys.of_account(account.account_id) == []
