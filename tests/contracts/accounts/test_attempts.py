"""What every store of tallies of wrong tries keeps."""

import asyncio
from datetime import timedelta

import pytest

from quadrangle.accounts.model import Tally
from quadrangle.accounts.sign_in.door_rules import (
    PEOPLE_AT_ONCE,
    SHARED_BY_NAME,
    password_door,
    shared_door,
)
from quadrangle.accounts.sign_in.lockout_rules import TryOutcome
from quadrangle.accounts.sign_in.lockouts import Lockouts, SecretFinding
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import TooManyRequests
from tests.account_desk import Desk


def tally(desk: Desk, failures: int, minutes: int = 60, *, locked: bool = False) -> Tally:
    now = desk.clock.now()
    until = now + timedelta(minutes=minutes)
    return Tally(failures, since=now, forget_at=until, locked_until=until if locked else None)


async def test_tallies_are_kept_replaced_and_removed(desk):
    now = desk.clock.now()
    first, second = tally(desk, 1), tally(desk, 5, locked=True)
    change = Change("account.sign-in-failed", "x", {}, "Someone", to_text(now))
    saved = TryOutcome({"a": first, "b": first, "c": None}, (change,))
    assert await desk.parts.attempts.update(["a", "b", "c"], lambda _: saved, now) == saved
    assert await desk.parts.attempts.load(["a", "b", "c"]) == {"a": first, "b": first}

    def decide(found):
        assert found == {"a": first, "b": first}
        return TryOutcome({"a": second, "b": None})

    await desk.parts.attempts.update(["a", "b"], decide, now)
    assert await desk.parts.attempts.load(["a", "b"]) == {"a": second}
    assert await desk.kinds() == ["account.sign-in-failed"]


async def test_a_refusal_saves_nothing(desk):
    def decide(_):
        raise TooManyRequests(retry_after_s=60)

    with pytest.raises(TooManyRequests):
        await desk.parts.attempts.update(["a"], decide, desk.clock.now())
    assert await desk.parts.attempts.load(["a"]) == {}


async def test_tallies_made_side_by_side_all_count(desk, other, clock):
    stores = [desk.parts.attempts, other.parts.attempts]

    def decide(found):
        return TryOutcome({"a": tally(desk, found["a"].failures + 1 if "a" in found else 1)})

    await asyncio.gather(*(stores[n % 2].update(["a"], decide, clock.now()) for n in range(40)))
    assert (await desk.parts.attempts.load(["a"]))["a"].failures == 40


async def test_nobody_writes_between_the_look_and_the_write(desk, other, clock):
    stores = [desk.parts.attempts, other.parts.attempts]
    keys = [f"{n}" for n in range(6)]

    def only_one(key):
        def decide(found):
            if found:
                raise TooManyRequests(retry_after_s=60)
            return TryOutcome({key: tally(desk, 1)})

        return decide

    tries = (stores[n % 2].update(keys, only_one(key), clock.now()) for n, key in enumerate(keys))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, TooManyRequests) for result in results) == 5
    assert len(await desk.parts.attempts.load(keys)) == 1


async def test_people_behind_one_address_are_looked_at_side_by_side(desk, clock):
    lockouts = Lockouts(desk.parts.attempts, clock)
    together = asyncio.Barrier(PEOPLE_AT_ONCE)

    async def look() -> SecretFinding:
        await asyncio.wait_for(together.wait(), 20)  # for ever, if they came one by one
        return SecretFinding(right=True)

    doors = [password_door(f"{n}@campus.example", "192.0.2.1") for n in range(PEOPLE_AT_ONCE)]
    assert all(await asyncio.gather(*(lockouts.run(door, look) for door in doors)))


async def test_tries_for_one_account_are_looked_at_one_by_one(desk, clock):
    lockouts = Lockouts(desk.parts.attempts, clock)
    looking = most = 0

    async def look() -> SecretFinding:
        nonlocal looking, most
        looking += 1
        most = max(most, looking)
        await asyncio.sleep(0.01)
        looking -= 1
        return SecretFinding(right=True)

    doors = [password_door("ada@campus.example", f"192.0.2.{n}") for n in range(4)]
    await asyncio.gather(*(lockouts.run(door, look) for door in doors))
    assert most == 1


async def test_changes_of_one_subject_and_instant_are_all_kept(desk, other, clock, monkeypatch):
    places = iter([7, 7, 8, 8, 9])  # where places are drawn by lot, some are drawn twice
    monkeypatch.setattr("random.randrange", lambda _: next(places))
    change = Change("account.sign-in-failed", "x", {}, "Someone", to_text(clock.now()))
    for one in (desk, other, desk):
        await one.parts.attempts.update(["a"], lambda _: TryOutcome({}, (change,)), clock.now())
    assert await desk.kinds() == ["account.sign-in-failed"] * 3


async def test_tallies_whose_time_is_over_are_removed(desk, clock):
    await desk.parts.attempts.update(
        ["old", "new"],
        lambda _: TryOutcome({"old": tally(desk, 1, 10), "new": tally(desk, 1, 30)}),
        clock.now(),
    )
    clock.advance(timedelta(minutes=20))
    await desk.parts.attempts.update(["a"], lambda _: TryOutcome(), clock.now())
    assert set(await desk.parts.attempts.load(["old", "new"])) == {"new"}


async def test_looks_at_a_secret_guessed_from_many_places_wait(desk: Desk):
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    async def look() -> SecretFinding:
        return SecretFinding(right)

    lockouts, right = Lockouts(desk.parts.attempts, desk.clock, pause), False
    for n in range(SHARED_BY_NAME.tries):
        assert not await lockouts.run(shared_door("a", f"198.51.100.{n}"), look)
    assert waited == []
    right = True
    for _ in range(2):  # the second time it is known
        assert await lockouts.run(shared_door("a", "192.0.2.1"), look)
    assert len(waited) == 1
