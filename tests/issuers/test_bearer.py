"""Access tokens of a real issuer at the API, and forged ones."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.account_desk import ISSUER, KEY
from tests.issuers.conftest import Client
from tests.issuers.provider import (
    TIMETABLE,
    TIMETABLE_ADDRESS,
    TIMETABLE_SECRET,
    Provider,
    sign_in_at,
)
from tests.issuers.test_sign_in import go

VERIFIER = "a-verifier-of-the-tests-that-is-long-enough-for-pkce"


async def tokens_of(provider: Provider, person: str, resource: str) -> dict[str, Any]:
    """Sign in as another program of the campus does; return its tokens for `resource`."""
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": TIMETABLE,
        "redirect_uri": TIMETABLE_ADDRESS,
        "scope": "openid",
        "resource": resource,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    back = await sign_in_at(f"{provider.iss}/auth?{urlencode(asked)}", person)
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(back).query)["code"][0],
        "redirect_uri": TIMETABLE_ADDRESS,
        "code_verifier": VERIFIER,
    }
    async with httpx.AsyncClient(auth=(TIMETABLE, TIMETABLE_SECRET)) as program:
        answer = await program.post(f"{provider.iss}/token", data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def me(client: Client, token: str) -> Any:
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {token}"}
    return await client.get("/api/accounts/me", headers=headers)


async def test_it_stands_for_the_linked_account(client, desk, provider):
    token = (await tokens_of(provider, "ada", ISSUER))["access_token"]
    assert (await me(client, token)).status_code == 401  # nobody here is linked to her
    await go(client, "ada")
    answer = await me(client, token)
    assert answer.status_code == 200
    assert answer.json()["email"] == "ada@campus.example"


async def test_tokens_for_others_and_id_tokens_are_refused(client, provider):
    await go(client, "ada")
    other = await tokens_of(provider, "ada", "https://elsewhere.example")
    assert (await me(client, other["access_token"])).status_code == 401
    assert (await me(client, other["id_token"])).status_code == 401


@pytest.mark.parametrize("forged", ["key", "none", "HS256", "our key", "our kid", "iss"])
async def test_forged_ones_are_refused(client, desk, provider, forged):
    await go(client, "ada")
    real = (await tokens_of(provider, "ada", ISSUER))["access_token"]
    assert (await me(client, real)).status_code == 200
    payload = jwt.decode(real, options={"verify_signature": False})
    kid = jwt.get_unverified_header(real)["kid"]
    theirs = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    keys: dict[str, tuple[Any, str, str]] = {
        "key": (theirs, "RS256", kid),
        "none": (None, "none", kid),
        "HS256": (b"x" * 32, "HS256", kid),
        # each issuer's keys are good for its own tokens alone
        "our key": (KEY.private, "EdDSA", kid),
        "our kid": (KEY.private, "EdDSA", KEY.kid),
        "iss": (KEY.private, "EdDSA", KEY.kid),
    }
    if forged == "iss":
        payload["iss"] = "https://elsewhere.example"
    key, algorithm, name = keys[forged]
    token = jwt.encode(payload, key, algorithm=algorithm, headers={"kid": name})
    assert (await me(client, token)).status_code == 401
