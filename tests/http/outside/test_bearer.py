"""Access tokens of a real issuer at the API, and forged ones."""

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.account_desk import ISSUER, KEY
from tests.http.accounts.account_app import Client
from tests.http.outside.provider import tokens_of
from tests.http.outside.test_sign_in import go


async def me(client: Client, token: str) -> Any:
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {token}"}
    return await client.get("/api/accounts/me", headers=headers)


async def test_it_stands_for_the_linked_account(client, desk, provider):
    token = (await tokens_of(provider.iss, "ada", ISSUER))["access_token"]
    assert (await me(client, token)).status_code == 401  # nobody here is linked to her
    await go(client, "ada")
    answer = await me(client, token)
    assert answer.status_code == 200
    assert answer.json()["email"] == "ada@campus.example"


async def test_tokens_for_others_and_id_tokens_are_refused(client, provider):
    await go(client, "ada")
    other = await tokens_of(provider.iss, "ada", "https://elsewhere.example")
    assert (await me(client, other["access_token"])).status_code == 401
    assert (await me(client, other["id_token"])).status_code == 401


@pytest.mark.parametrize("forged", ["key", "none", "HS256", "our key", "our kid", "iss"])
async def test_forged_ones_are_refused(client, desk, provider, forged):
    await go(client, "ada")
    real = (await tokens_of(provider.iss, "ada", ISSUER))["access_token"]
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
