"""Issuers that are away, slow or wrong, and ID tokens that were made up."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from litestar.testing import AsyncTestClient

from quadrangle.kernel.clock import SystemClock
from quadrangle.portable.single_sign_on import web
from tests.http.accounts.account_app import Client, app_of
from tests.http.outside.conftest import BASE, REDIRECT, OutsideDesk
from tests.http.outside.fake import PRIVATE, FakeIssuer, public_jwk
from tests.http.outside.provider import CLIENT_SECRET
from tests.http.outside.test_sign_in import START, problem_of
from tests.portable.tokens.test_tokens import encoded

DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def issuer() -> Iterator[FakeIssuer]:
    running = FakeIssuer().start()
    yield running
    running.stop()


@pytest.fixture
async def outside(sqlite_database, issuer) -> AsyncIterator[Client]:
    desk = OutsideDesk(sqlite_database, issuer.iss, SystemClock(), sign_up=True)
    async with AsyncTestClient(app_of(desk), base_url=BASE) as client:
        client.follow_redirects = False
        yield client


async def go(client: Client, issuer: FakeIssuer, **answer: str) -> Any:
    """Sign in at the fake issuer, which asks nothing; return our answer."""
    response = await client.get(START, params={"next": "/track"})
    asked = {k: v for k, (v,) in parse_qs(urlsplit(response.headers["location"]).query).items()}
    if "state" not in asked:
        return response
    issuer.nonce = asked["nonce"]
    back = {"state": asked["state"], "code": "a-code", **answer}
    return await client.get(urlsplit(REDIRECT).path, params=back)


async def test_a_right_answer_signs_in(outside, issuer):
    response = await go(outside, issuer)
    assert response.headers["location"] == "/track"


async def test_the_code_is_redeemed_with_the_verifier_of_this_flow(outside, issuer):
    forms = []
    issuer.answers["/token"] = lambda form: forms.append(form) or issuer.token(form)
    response = await outside.get(START)
    asked = {k: v for k, (v,) in parse_qs(urlsplit(response.headers["location"]).query).items()}
    issuer.nonce = asked["nonce"]
    await outside.get(urlsplit(REDIRECT).path, params={"state": asked["state"], "code": "a-code"})
    (form,) = forms
    assert form["grant_type"] == "authorization_code"
    assert (form["code"], form["redirect_uri"]) == ("a-code", REDIRECT)
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert asked["code_challenge"] == encoded(digest)
    assert CLIENT_SECRET not in str(form)  # it goes in the header


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": []},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"azp": "another"},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": 1e300},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"iat": 4_000_000_000},
        {"iat": None},
        {"nbf": 4_000_000_000},
        {"email": {"a": "b"}},
    ],
    ids=str,
)
async def test_an_id_token_for_something_else_signs_nobody_in(outside, issuer, changed):
    issuer.changed = changed
    assert problem_of(await go(outside, issuer)) == "issuer-away"


def unsigned(claims: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'none', 'kid': 'the-key'})}.{encoded(claims)}."


def by_secret(secret: bytes) -> Any:
    def make(claims: dict[str, Any]) -> str:
        body = f"{encoded({'alg': 'HS256', 'kid': 'the-key'})}.{encoded(claims)}"
        return f"{body}.{encoded(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"

    return make


def with_header(**header: Any) -> Any:
    return lambda claims: jwt.encode(
        claims, PRIVATE, algorithm="RS256", headers={"kid": "the-key", **header}
    )


def without_kid(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, PRIVATE, algorithm="RS256")


PUBLIC_PEM = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "forged",
    [
        unsigned,
        by_secret(CLIENT_SECRET.encode()),
        by_secret(PUBLIC_PEM),
        by_secret(json.dumps(public_jwk()).encode()),
        with_header(kid="another"),
        without_kid,
        with_header(typ="logout+jwt"),
        with_header(crit=["exp"]),
        lambda claims: "not a token",
        lambda claims: "",
        lambda claims: encoded(b"[" * 3_000) + "." + encoded(claims) + ".AA",
    ],
    ids=range(11),
)
async def test_a_forged_id_token_signs_nobody_in(outside, issuer, forged):
    issuer.id_token = forged
    assert problem_of(await go(outside, issuer)) == "issuer-away"


@pytest.mark.parametrize("verified", [False, None, "false", "yes", "true"])
async def test_an_address_is_vouched_for_by_true_alone(outside, issuer, verified):
    issuer.changed = {"email_verified": verified}
    assert problem_of(await go(outside, issuer)) == "not-verified"


async def test_the_userinfo_endpoint_must_speak_of_the_same_person(outside, issuer):
    issuer.changed = {"email": None}
    userinfo = {"sub": "eve", "email": "ada@campus.example", "email_verified": True}
    issuer.answers[DISCOVERY] = lambda _: issuer.discovery(userinfo_endpoint=f"{issuer.iss}/me")
    issuer.answers["/me"] = lambda _: userinfo
    assert problem_of(await go(outside, issuer)) == "issuer-away"
    userinfo["sub"] = "ada"
    assert (await go(outside, issuer)).headers["location"] == "/track"


async def test_an_account_is_not_handed_to_whoever_has_its_address_next(outside, issuer):
    assert (await go(outside, issuer)).headers["location"] == "/track"
    issuer.changed = {"sub": "the next Ada"}
    assert problem_of(await go(outside, issuer)) == "unknown-account"


# -- errors, silence, noise ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        ("access_denied", "denied"),
        ("login_required", "denied"),
        ("server_error", "issuer-away"),
        ("temporarily_unavailable", "issuer-away"),
        ("<script>", "issuer-away"),
    ],
)
async def test_errors_of_the_issuer(outside, issuer, error, problem):
    assert problem_of(await go(outside, issuer, error=error)) == problem
    assert "/token" not in issuer.asked


async def never(_: dict[str, str]) -> Any:
    await asyncio.sleep(30)


@pytest.mark.parametrize("path", [DISCOVERY, "/token", "/jwks"])
@pytest.mark.parametrize(
    "answer",
    [
        lambda _: (500, b"{}"),
        lambda _: (302, b"{}"),
        lambda _: (400, {"error": "invalid_grant"}),
        lambda _: b"<html>",
        lambda _: b"[]",
        lambda _: b"{}",
        lambda _: b"[" * 100_000,
        lambda _: b'{"keys": "' + b"x" * web.LONGEST_ANSWER + b'"}',
        lambda _: {"keys": [{"kid": "the-key", "kty": "oct", "k": "AA"}, 7, {"kid": 7}]},
        never,
    ],
    ids=["500", "302", "400", "html", "list", "empty", "deep", "long", "odd keys", "silence"],
)
async def test_answers_that_cannot_be_used(outside, issuer, path, answer, monkeypatch):
    if answer is never:
        monkeypatch.setattr(web, "DEADLINE_S", 0.2)
    issuer.answers[path] = answer
    assert problem_of(await go(outside, issuer)) == "issuer-away"
    assert "/elsewhere" not in issuer.asked


async def test_an_issuer_that_is_away(outside, issuer):
    issuer.stop()
    assert problem_of(await go(outside, issuer)) == "issuer-away"


@pytest.mark.parametrize(
    "other",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "ftp://elsewhere.example"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
    ids=str,
)
async def test_a_discovery_document_of_another_or_with_odd_addresses(outside, issuer, other):
    issuer.answers[DISCOVERY] = lambda _: issuer.discovery(**other)
    assert problem_of(await go(outside, issuer)) == "issuer-away"
    assert set(issuer.asked) == {DISCOVERY}


async def test_an_issuer_that_is_away_is_not_asked_by_everybody(outside, issuer):
    issuer.answers[DISCOVERY] = lambda _: (500, b"{}")
    for _ in range(5):
        await go(outside, issuer)
    assert issuer.asked == [DISCOVERY]


async def test_the_log_says_why_and_no_secret(outside, issuer, capsys):
    issuer.answers["/token"] = lambda form: (400, {"error": "invalid_client"})
    await go(outside, issuer)
    told = capsys.readouterr().out  # where our log goes
    assert "invalid_client" in told
    assert CLIENT_SECRET not in told
    assert "a-code" not in told
