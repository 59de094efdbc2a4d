"""New passwords are looked at after what limits that, and beside the event loop."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from litestar.testing import AsyncTestClient

from quadrangle.accounts.http.sign_up import SIGN_UP_LIMIT
from quadrangle.accounts.policy_model import AccountPolicy, SignUp
from quadrangle.accounts.secrets import guessing_rules, strength
from tests.account_desk import ISSUER, SqlDesk
from tests.http.accounts.account_app import Client, app_of, sign_in

HARD = "4@8({[<3690!1|17$5+%2'" * 9
SIGN_UP = {"email": "bo@campus.example", "name": "Bo Quill", "password": HARD}
LOOK_S = 0.5


@pytest.fixture
def policy() -> AccountPolicy:
    return AccountPolicy(sign_up=SignUp.OPEN, public_url=ISSUER)


@pytest.fixture
async def client(desk: SqlDesk) -> AsyncIterator[Client]:
    async with AsyncTestClient(app_of(desk, limits=True)) as opened:
        yield opened


def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is looked at from now on; each look takes a while."""
    seen: list[str] = []

    def slow(password: str, words: list[str]) -> bool:
        seen.append(password)
        time.sleep(LOOK_S)
        return False

    monkeypatch.setattr(guessing_rules, "is_guessed_soon", slow)
    return seen


async def test_sign_ups_are_limited_before_anything_is_looked_at(client, monkeypatch):
    looks = looked_at(monkeypatch)
    short = SIGN_UP | {"password": "short"}
    for _ in range(SIGN_UP_LIMIT.burst):
        assert (await client.post("/api/accounts/sign-up", json=short)).status_code == 400
    refused = await client.post("/api/accounts/sign-up", json=SIGN_UP)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert looks == []


async def test_a_new_password_is_looked_at_after_the_present_one(client, monkeypatch):
    looks = looked_at(monkeypatch)
    signed_in = await sign_in(client)
    body = {"currentPassword": "a wrong one", "newPassword": HARD}
    statuses = []
    for _ in range(7):
        refused = await client.put("/api/accounts/me/password", json=body, headers=signed_in)
        statuses.append(refused.status_code)
    assert set(statuses) == {400, 429}
    assert looks == []


async def test_other_requests_go_on_meanwhile(monkeypatch):
    looks, turns = looked_at(monkeypatch), 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(LOOK_S / 50)
            turns += 1

    going_on = asyncio.create_task(others())
    await strength.checked_password(HARD, "bo@campus.example")
    going_on.cancel()
    assert len(looks) == 1
    assert turns >= 10
