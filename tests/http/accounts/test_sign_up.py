"""Signing up, confirming, resetting, invitations: over HTTP, with the mails in between."""

import base64
import json
from datetime import timedelta

import pytest

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.policy_model import AccountPolicy, SignUp
from quadrangle.accounts.sign_in.door_rules import SIGNED_BY_ADDRESS
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from tests.account_desk import EMAIL, ISSUER, PASSWORD, SqlDesk
from tests.account_post import PostOffice, token_in
from tests.http.accounts.account_app import Client, sign_in

BO = "bo@campus.example"
SECRET = "seven blue kettles"
NEW_SECRET = "nine green lanterns"
SIGN_UP = {"email": BO, "name": "Bo Quill", "password": SECRET}
CALLS = "/api/accounts/"


@pytest.fixture
def policy() -> AccountPolicy:
    return AccountPolicy(sign_up=SignUp.OPEN, public_url=ISSUER)


@pytest.fixture
def post(desk) -> PostOffice:
    return PostOffice(desk)


async def asked(client: Client, call: str, body: dict[str, str], **more) -> tuple[int, str]:
    response = await client.post(CALLS + call, json=body, **more)
    return response.status_code, response.text


async def signed_up(client: Client, post: PostOffice, **other: str) -> str:
    """Sign up and return the token of the mail."""
    status, text = await asked(client, "sign-up", SIGN_UP | other)
    assert status == 202, text
    return token_in(await post.one((SIGN_UP | other)["email"].lower()), "/confirm")


async def opened(client: Client, post: PostOffice) -> None:
    token = await signed_up(client, post)
    assert (await asked(client, "confirm", {"token": token}))[0] == 200


async def reset_token(client: Client, post: PostOffice, email: str = BO) -> str:
    assert (await asked(client, "password-reset", {"email": email}))[0] == 202
    return token_in(await post.one(email), "/reset")


async def reset(client: Client, token: str, password: str = NEW_SECRET):
    body = {"token": token, "newPassword": password}
    return await client.put(CALLS + "password-reset", json=body)


async def invited(desk: SqlDesk, email: str = BO, role: Role = Role.TEACHER) -> Account:
    """What an administrator's invitation does."""
    admin = Principal("Administrator", Role.ADMIN, (await desk.account(EMAIL)).account_id)
    account, facts = rules.open_account(
        new_id(), email, "Bo", role, admin, desk.clock.now(), AccountState.INVITED
    )
    await desk.credentials.open(account, None, facts)
    return account


async def refused(client: Client, email: str, password: str) -> bool:
    body = {"email": email, "password": password}
    return (await client.post(CALLS + "sign-in", json=body)).status_code == 401


# -- signing up ---------------------------------------------------------------------------------


async def test_whoever_signs_up_and_confirms_signs_in(client, desk, post):
    token = await signed_up(client, post, email="Bo@Campus.example")
    assert (await desk.account(BO)).state is AccountState.UNCONFIRMED
    assert await refused(client, BO, SECRET)
    response = await client.post(CALLS + "confirm", json={"token": token})
    assert (response.status_code, response.json()) == (200, {"email": BO})
    me = await client.get(CALLS + "me", headers=await sign_in(client, BO, SECRET))
    assert (me.json()["name"], me.json()["role"]) == ("Bo Quill", "student")


async def test_an_address_with_an_account_gets_the_same_answer_and_a_mail(client, desk, post):
    await opened(client, post)
    before = await desk.account(BO)
    desk.passwords.looks.clear()
    known = await asked(client, "sign-up", SIGN_UP | {"password": NEW_SECRET, "name": "Else"})
    assert desk.passwords.looks == [None]  # as much work as hashing a new one
    fresh = await asked(client, "sign-up", SIGN_UP | {"email": "cy@campus.example"})
    assert known == fresh
    mail = await post.one(BO)
    assert mail.subject == "You have an account already"
    assert await desk.account(BO) == before
    await sign_in(client, BO, SECRET)


async def test_nobody_gets_an_account_by_signing_up_with_the_address_of_another(client, desk, post):
    theirs = await signed_up(client, post, name="Thief")
    assert (await asked(client, "sign-up", SIGN_UP | {"password": NEW_SECRET}))[0] == 202
    mail = await post.one(BO)
    assert mail.subject == "Please choose a password"
    assert (await asked(client, "confirm", {"token": theirs}))[0] == 410
    again = await asked(client, "confirmation", {"email": BO})
    assert again[0] == 202
    assert (await post.one(BO)).subject == "Please choose a password"
    assert (await reset(client, token_in(mail, "/reset"), "my very own words")).status_code == 204
    assert await refused(client, BO, SECRET)
    assert await refused(client, BO, NEW_SECRET)
    await sign_in(client, BO, "my very own words")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"email": "x", "name": " ", "password": SECRET}, ["email", "name"]),
        (SIGN_UP | {"password": "short"}, ["password"]),
        (SIGN_UP | {"password": "P@ssw0rd12345"}, ["password"]),
        (SIGN_UP | {"password": "BoQuill2026!"}, ["password"]),
    ],
)
async def test_the_faults_of_a_sign_up_are_named(client, desk, body, fields):
    response = await client.post(CALLS + "sign-up", json=body)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == fields
    assert await desk.accounts.by_email(BO) is None


@pytest.mark.parametrize("policy", [AccountPolicy(SignUp.INVITATION), AccountPolicy(SignUp.CLOSED)])
async def test_where_nobody_may_sign_up_it_says_so(client, desk):
    status, text = await asked(client, "sign-up", SIGN_UP)
    assert status == 403
    assert "invitation" in text or "campus account" in text
    assert await desk.accounts.by_email(BO) is None


@pytest.mark.parametrize(
    "policy", [AccountPolicy(SignUp.DOMAINS, ("campus.example",), public_url=ISSUER)]
)
async def test_where_domains_are_set_only_theirs_sign_up(client, post):
    options = (await client.get(CALLS + "options")).json()
    assert (options["signUp"], options["domains"]) == ("domains", ["campus.example"])
    for email in ("bo@elsewhere.example", "bo@notcampus.example", "bo@campus.example.evil.example"):
        status, text = await asked(client, "sign-up", SIGN_UP | {"email": email})
        assert status == 400
        assert "@campus.example" in text
    await signed_up(client, post)


async def test_sign_ups_and_mails_are_limited_by_address_and_by_email(client, desk, clock):
    for n in range(5):
        there = {"X-Test-Address": f"192.0.2.{n}"}
        assert (await asked(client, "password-reset", {"email": BO}, headers=there))[0] == 202
    for call, body in (
        ("password-reset", {"email": BO}),
        ("confirmation", {"email": BO}),
        ("sign-up", SIGN_UP),
    ):
        response = await client.post(CALLS + call, json=body)
        assert response.status_code == 429
        assert response.headers["retry-after"] == "60"
    assert await desk.accounts.by_email(BO) is None
    clock.advance(timedelta(seconds=60))
    assert (await asked(client, "sign-up", SIGN_UP))[0] == 202
    there = {"X-Test-Address": "192.0.2.99"}
    for n in range(100):
        body = {"email": f"{n}@campus.example"}
        assert (await asked(client, "confirmation", body, headers=there))[0] == 202
    body = {"email": "last@campus.example"}
    assert (await asked(client, "confirmation", body, headers=there))[0] == 429
    assert (await asked(client, "confirmation", body))[0] == 202


# -- links --------------------------------------------------------------------------------------


async def test_the_mail_to_confirm_comes_once_more_and_either_link_works_once(client, post):
    first = await signed_up(client, post)
    assert (await asked(client, "confirmation", {"email": BO}))[0] == 202
    second = token_in(await post.one(BO), "/confirm")
    assert (await asked(client, "confirm", {"token": second}))[0] == 200
    for token in (first, second):
        status, text = await asked(client, "confirm", {"token": token})
        assert status == 410
        assert "used already" in text


@pytest.mark.parametrize("call", ["password-reset", "confirmation"])
async def test_nobody_learns_from_an_answer_whether_an_account_exists(client, desk, post, call):
    await opened(client, post)
    await invited(desk, "cy@campus.example")
    before = len(await desk.changes())
    emails = (BO, "cy@campus.example", "nobody@campus.example")
    answers = {await asked(client, call, {"email": email}) for email in emails}
    assert len(answers) == 1
    assert len(await desk.changes()) == before + len(emails)  # the same writes for each
    assert await post.fetch("nobody@campus.example") == []


async def test_links_expire(client, post, clock):
    token = await signed_up(client, post)
    clock.advance(timedelta(days=3))
    assert (await asked(client, "confirm", {"token": token}))[0] == 410
    assert (await asked(client, "confirmation", {"email": BO}))[0] == 202
    await asked(client, "confirm", {"token": token_in(await post.one(BO), "/confirm")})
    token = await reset_token(client, post)
    clock.advance(timedelta(hours=1))
    assert (await reset(client, token)).status_code == 410
    await sign_in(client, BO, SECRET)


def tampered(token: str, **claims: object) -> str:
    head, body, signature = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = base64.urlsafe_b64encode(json.dumps(told | claims).encode()).decode().rstrip("=")
    return f"{head}.{changed}.{signature}"


async def test_tampered_tokens_and_tokens_for_something_else_open_nothing(client, desk, post):
    await opened(client, post)
    token = await reset_token(client, post)
    admin = await desk.account(EMAIL)
    access = (await sign_in(client))["Authorization"].removeprefix("Bearer ")
    for wrong in (
        tampered(token, sub=admin.account_id, email=EMAIL),
        tampered(token, exp=2**33),
        token[:-1],
        access,
        "nonsense",
    ):
        assert (await reset(client, wrong)).status_code == 410
    for call in ("confirm", "invitation/look"):
        assert (await asked(client, call, {"token": token}))[0] == 410
    as_access = {"Authorization": f"Bearer {token}"}
    assert (await client.get(CALLS + "me", headers=as_access)).status_code == 401
    assert (await reset(client, token)).status_code == 204


async def test_wrong_links_are_counted_by_address(client, post):
    token = await signed_up(client, post)
    there = {"X-Test-Address": "192.0.2.1"}
    for n in range(SIGNED_BY_ADDRESS.tries):
        assert (await asked(client, "confirm", {"token": f"x{n}"}, headers=there))[0] == 410
    status, _ = await asked(client, "confirm", {"token": token}, headers=there)
    assert status == 429
    assert (await asked(client, "confirm", {"token": token}))[0] == 200


# -- a forgotten password -----------------------------------------------------------------------


async def test_a_forgotten_password_is_replaced_and_every_sign_in_ends(client, desk, post):
    await opened(client, post)
    session = await sign_in(client, BO, SECRET)
    token, other = await reset_token(client, post), await reset_token(client, post)
    assert (await reset(client, token, "password12")).status_code == 400
    response = await reset(client, token)
    assert (response.status_code, response.content) == (204, b"")
    assert "set-cookie" not in response.headers
    assert (await client.get(CALLS + "me", headers=session)).status_code == 401
    for used in (token, other):
        assert (await reset(client, used)).status_code == 410
    assert await refused(client, BO, SECRET)
    await sign_in(client, BO, NEW_SECRET)
    assert (await post.one(BO)).subject == "Your password was changed"


async def test_a_new_password_opens_the_lock_on_guessing_the_old(client, post):
    await opened(client, post)
    for n in range(6):
        there = {"X-Test-Address": f"192.0.2.{n}"}
        body = {"email": BO, "password": "wrong"}
        await client.post(CALLS + "sign-in", json=body, headers=there)
    await reset(client, await reset_token(client, post))
    await sign_in(client, BO, NEW_SECRET)


async def test_a_reset_opens_no_account_an_administrator_switched_off(client, desk, post):
    await opened(client, post)
    token = await reset_token(client, post)
    admin = Principal("Administrator", Role.ADMIN)
    bo = await desk.account(BO)
    await desk.service.people.edit(bo.account_id, rules.AccountEdit(active=False), admin)
    assert (await reset(client, token)).status_code == 410
    assert (await asked(client, "password-reset", {"email": BO}))[0] == 202
    assert await post.fetch(BO) == []


# -- invitations --------------------------------------------------------------------------------


async def test_whoever_is_invited_takes_the_account_and_is_signed_in(client, desk, post):
    account = await invited(desk)
    token = token_in(await post.one(BO), "/invitation")
    look = await client.post(CALLS + "invitation/look", json={"token": token})
    assert look.json() == {"email": BO, "name": "Bo", "role": "teacher"}
    body = {"token": token, "name": "Bo Quill", "password": SECRET}
    response = await client.post(CALLS + "invitation", json=body)
    assert response.status_code == 200
    assert response.json()["account"] == {
        "accountId": account.account_id, "email": BO, "name": "Bo Quill", "role": "teacher",
    }  # fmt: skip
    assert (await client.get(CALLS + "me")).json()["role"] == "teacher"
    client.cookies.clear()
    for call, given in (("invitation", body), ("invitation/look", {"token": token})):
        assert (await asked(client, call, given))[0] == 410
    await sign_in(client, BO, SECRET)


async def test_the_address_shown_to_an_administrator_works_too_and_both_once(client, desk, post):
    account = await invited(desk)
    shown = desk.service.links.invitation_url(account).partition("#token=")[2]
    mailed = token_in(await post.one(BO), "/invitation")
    body = {"name": "Bo", "password": SECRET}
    assert (await asked(client, "invitation", body | {"token": shown}))[0] == 200
    assert (await asked(client, "invitation", body | {"token": mailed}))[0] == 410


async def test_an_invitation_is_sent_again_to_whoever_asks_in_another_way(client, desk, post):
    await invited(desk)
    await post.fetch(BO)
    for call, body in (
        ("sign-up", SIGN_UP),
        ("password-reset", {"email": BO}),
        ("confirmation", {"email": BO}),
    ):
        assert (await asked(client, call, body))[0] == 202
        token_in(await post.one(BO), "/invitation")
    assert await refused(client, BO, SECRET)


async def test_the_faults_of_an_acceptance_are_named_and_use_up_nothing(client, desk, post):
    await invited(desk)
    token = token_in(await post.one(BO), "/invitation")
    for body, field in (
        ({"name": " ", "password": SECRET}, "name"),
        ({"name": "Bo", "password": "qwertyuiop12"}, "password"),
    ):
        response = await client.post(CALLS + "invitation", json=body | {"token": token})
        assert response.status_code == 400
        assert [error["field"] for error in response.json()["errors"]] == [field]
    body = {"token": token, "name": "Bo", "password": SECRET}
    assert (await asked(client, "invitation", body))[0] == 200


async def test_changes_hold_no_secret_and_nothing_personal(client, desk, post):
    token = await signed_up(client, post)
    await asked(client, "confirm", {"token": token})
    await reset(client, await reset_token(client, post))
    for change in await desk.changes():
        written = json.dumps(change.data)
        for word in (BO, "Quill", SECRET, NEW_SECRET, token, PASSWORD):
            assert word not in written
