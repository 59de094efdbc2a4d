"""An outside issuer and the user pool: signing in there, and their tokens at every function."""

import os
import time
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.deployed.accounts.test_accounts import PASSWORD, Person
from tests.deployed.stack import Stack
from tests.http.outside.provider import MISSING, sign_in_at, tokens_of
from tests.running import ADMIN_EMAIL, Campus, wait_for

START = "/api/accounts/oidc/campus/start?next=/account"
# A call of each function that answers requests, for whoever is signed in as an administrator.
EACH_FUNCTION = ("/api/accounts/me", "/get-all-issues", "/api/mail/outbox")


@pytest.fixture(scope="session")
def iss(campus: Campus) -> str:
    found = os.environ["QUADRANGLE_TEST_ISSUER"]
    if not found:
        pytest.skip(MISSING)
    return found


@pytest.fixture
def ann(campus: Campus, stack: Stack) -> Person:
    person = Person(campus, stack)
    person.sign_up()
    return person


async def go(campus: Campus, person: str) -> dict[str, Any]:
    """Sign in at the issuer as a browser does; return who one is at ours then."""
    async with httpx.AsyncClient(base_url=campus.base, timeout=30) as browser:
        begun = await browser.get(START)
        assert begun.status_code == 302, begun.text
        landed = await browser.get(await sign_in_at(begun.headers["location"], person))
        assert (landed.status_code, landed.headers["location"]) == (302, "/account"), landed.text
        return (await browser.get("/api/accounts/me")).json()


def statuses(campus: Campus, token: str) -> list[int]:
    return [campus.call("GET", path, token=token).status for path in EACH_FUNCTION]


async def test_signing_in_at_the_issuer(campus: Campus, iss: str):
    options = campus.call("GET", "/api/accounts/options").json
    assert options["issuers"] == [{"issuerId": "campus", "name": "campus account"}]
    me = await go(campus, "ada")
    assert (me["email"], me["hasPassword"]) == ("ada@campus.example", False)


async def test_an_answer_of_the_issuer_is_for_one_browser_and_for_once(campus: Campus, iss: str):
    async with httpx.AsyncClient(base_url=campus.base, timeout=30) as browser:
        back = await sign_in_at((await browser.get(START)).headers["location"], "ada")
        kept = dict(browser.cookies)
    ends = []
    for cookies in ({}, kept, kept):
        async with httpx.AsyncClient(cookies=cookies, timeout=30) as another:
            ends.append((await another.get(back)).headers["location"])
    assert ends == ["/sign-in#problem=expired", "/account", "/sign-in#problem=expired"]


async def test_its_access_tokens_are_taken_by_every_function(campus: Campus, iss: str):
    await go(campus, "admin")
    token = (await tokens_of(iss, "admin", campus.base))["access_token"]
    assert statuses(campus, token) == [200, 200, 200]
    assert campus.call("GET", "/api/accounts/me", token=token).json["email"] == ADMIN_EMAIL


async def test_tokens_for_others_and_id_tokens_are_refused(campus: Campus, iss: str):
    other = await tokens_of(iss, "admin", "https://elsewhere.example")
    assert statuses(campus, other["access_token"]) == [401, 401, 401]
    assert statuses(campus, other["id_token"]) == [401, 401, 401]


async def test_forged_ones_are_refused(campus: Campus, iss: str):
    real = (await tokens_of(iss, "admin", campus.base))["access_token"]
    for forged in forgeries(real):
        assert statuses(campus, forged) == [401, 401, 401]


def forgeries(real: str) -> list[str]:
    """Return tokens that say what a real one does: of another key, of a shared one, and of none."""
    claims = jwt.decode(real, options={"verify_signature": False})
    header = {"kid": jwt.get_unverified_header(real)["kid"]}
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return [
        jwt.encode(claims, key, algorithm="RS256", headers=header),
        jwt.encode(claims, b"x" * 32, algorithm="HS256", headers=header),
        jwt.encode(claims, None, algorithm="none", headers=header),
    ]


def pool_tokens(ann: Person, pool_client: str) -> dict[str, Any]:
    """Return what Cognito gives to a program whose user has signed in by it."""
    account_id = ann.sign_in()["account"]["accountId"]
    answer = ann.stack.standin.client("cognito-idp").admin_initiate_auth(
        UserPoolId=ann.stack.pool(),
        ClientId=pool_client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": account_id, "PASSWORD": PASSWORD},
    )
    return answer["AuthenticationResult"]


def test_tokens_of_the_pool_are_taken_from_clients_that_are_let_in(
    ann: Person, campus: Campus, stack: Stack, staff: str
):
    token = pool_tokens(ann, stack.pool_client())["AccessToken"]
    # a student's: known everywhere, and allowed no more than by our own token
    assert statuses(campus, token) == statuses(campus, ann.token) == [200, 403, 403]
    me = campus.call("GET", "/api/accounts/me", token=token).json
    assert me["email"] == ann.email
    path = f"/api/accounts/people/{me['accountId']}"
    assert campus.call("PATCH", path, {"active": False}, token=staff).status == 200
    # each container believes what it knows of a token for some seconds
    wait_for(lambda: statuses(campus, token) == [401, 401, 401], "the token to be refused")


def test_tokens_of_the_pool_are_refused_from_others_and_in_other_uses(
    ann: Person, campus: Campus, stack: Stack
):
    another = stack.new_pool_client(f"other-{time.time_ns()}")
    given = pool_tokens(ann, stack.pool_client())
    refused = [
        pool_tokens(ann, another)["AccessToken"],
        given["IdToken"],
        *forgeries(given["AccessToken"]),
    ]
    for token in refused:
        assert statuses(campus, token) == [401, 401, 401]
