"""Hashing secrets beside the event loop."""

import asyncio
import threading

import pytest

from quadrangle.kernel.errors import Unavailable
from quadrangle.portable.tokens import passwords
from quadrangle.portable.tokens.passwords import Argon2Passwords


@pytest.fixture
def cheap():
    made = Argon2Passwords(memory_kib=8, passes=1)
    yield made
    made.close()


async def test_a_secret_has_its_hash_and_no_other_has(cheap):
    hashed = await cheap.hash("correct horse")
    assert hashed.startswith("$argon2id$")
    assert "correct horse" not in hashed
    assert await cheap.verify(hashed, "correct horse")
    assert not await cheap.verify(hashed, "correct horse ")
    assert await cheap.hash("correct horse") != hashed


async def test_no_hash_costs_the_same_comparison_and_never_matches(cheap, monkeypatch):
    compared = []
    monkeypatch.setattr(cheap, "_matches", lambda hashed, _: compared.append(hashed) or True)
    assert not await cheap.verify(None, "anything")
    (hashed,) = compared
    real = await cheap.hash("anything")
    assert (
        hashed.rpartition("$")[0].rpartition("$")[0] == real.rpartition("$")[0].rpartition("$")[0]
    )
    assert len(hashed) == len(real)


async def test_the_hash_of_no_one_can_be_compared_with(cheap):
    assert not await cheap.verify(None, "anything")


async def test_other_parameters_are_outdated(cheap):
    hashed = await Argon2Passwords(memory_kib=16, passes=1).hash("x")
    assert cheap.is_outdated(hashed)
    assert await cheap.verify(hashed, "x")
    assert not cheap.is_outdated(await cheap.hash("x"))


def test_the_usual_parameters_are_slow_enough():
    made = Argon2Passwords()
    assert (made._hasher.memory_cost, made._hasher.time_cost) >= (47_104, 1)


async def test_a_damaged_hash_is_not_a_wrong_password(cheap):
    for damaged in ("", "plain", "$argon2id$v=19$m=8,t=1,p=1$AAAA"):
        with pytest.raises(Unavailable):
            await cheap.verify(damaged, "x")


async def test_few_hash_at_once_and_too_many_are_sent_away(cheap, monkeypatch):
    monkeypatch.setattr(passwords, "MAX_WAITING", 6)
    go, lock, running, most = threading.Event(), threading.Lock(), 0, 0

    def slow(*_):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        go.wait(30)
        with lock:
            running -= 1
        return True

    monkeypatch.setattr(cheap, "_matches", slow)
    tries = [asyncio.create_task(cheap.verify("hash", "x")) for _ in range(8)]
    await asyncio.wait(tries, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.sleep(0)  # the loop is free while hashing goes on
    refused = [t for t in tries if t.done()]
    assert len(refused) == 2
    assert all(isinstance(t.exception(), Unavailable) for t in refused)
    go.set()
    assert all(await asyncio.gather(*(t for t in tries if t not in refused)))
    assert most <= passwords.AT_ONCE
    assert await cheap.verify("hash", "x")  # and there is room again
