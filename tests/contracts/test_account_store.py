"""What every store of accounts, PINs, tallies and ended sessions keeps."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from quadrangle.accounts import rules
from quadrangle.accounts.lockout_rules import Outcome
from quadrangle.accounts.model import Account, Pin, Tally
from quadrangle.accounts.ports import EmailTaken
from quadrangle.accounts.rules import Edit
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, NotFound, TooManyRequests
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Role
from tests.account_desk import Desk


async def add(desk: Desk, email: str, role: Role = Role.STAFF, name: str = "Bo") -> Account:
    account, facts = rules.open_account(new_id(), email, name, role, SYSTEM, desk.clock.now())
    await desk.accounts.add(account, f"hash of {email}", facts)
    return account


# -- accounts -----------------------------------------------------------------------------------


async def test_an_account_is_found_by_id_and_address(desk):
    account = await add(desk, "bo@campus.example", Role.ADMIN)
    assert await desk.accounts.get(account.account_id) == account
    stored = await desk.accounts.by_email("bo@campus.example")
    assert (stored.account, stored.password_hash) == (account, "hash of bo@campus.example")
    assert await desk.accounts.get(new_id()) is None
    assert await desk.accounts.by_email("cy@campus.example") is None
    assert await desk.kinds() == ["account.created"]


async def test_an_account_may_have_no_password(desk):
    account, facts = rules.open_account(
        new_id(), "sso@campus.example", "Cy", Role.STUDENT, SYSTEM, desk.clock.now()
    )
    await desk.accounts.add(account, None, facts)
    assert (await desk.accounts.by_email("sso@campus.example")).password_hash is None


async def test_an_address_is_taken_once_also_at_the_same_moment(desk, other):
    tries = [add(one, "bo@campus.example") for one in (desk, other, desk, other, desk)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(r, EmailTaken) for r in results) == 4
    assert await desk.kinds() == ["account.created"]


async def test_staff_is_listed_by_name_without_others(desk):
    for name, role in (("cy", Role.STAFF), ("Bo", Role.ADMIN), ("Al", Role.STUDENT)):
        await add(desk, f"{name}@campus.example".lower(), role, name)
    assert [account.name for account in await desk.accounts.staff()] == ["Bo", "cy"]


async def test_an_update_saves_account_hash_and_changes_together(desk):
    account = await add(desk, "bo@campus.example")

    def decide(found, _):
        return rules.replace_password(found, SYSTEM, desk.clock.now())

    updated = await desk.accounts.update(account.account_id, decide, password_hash="new")
    assert updated == msgspec.structs.replace(account, epoch=2)
    stored = await desk.accounts.by_email("bo@campus.example")
    assert (stored.account, stored.password_hash) == (updated, "new")
    assert await desk.kinds() == ["account.created", "account.password-changed"]


async def test_an_update_without_changes_saves_nothing(desk):
    account = await add(desk, "bo@campus.example")
    await desk.accounts.update(account.account_id, lambda a, _: (a, []), password_hash="new")
    stored = await desk.accounts.by_email("bo@campus.example")
    assert stored.password_hash == "hash of bo@campus.example"


async def test_an_update_that_is_refused_saves_nothing(desk):
    account = await add(desk, "bo@campus.example", Role.ADMIN)

    def decide(found, other_admins):
        return rules.edit(found, Edit(role=Role.STAFF), other_admins, SYSTEM, desk.clock.now())

    with pytest.raises(Conflict):
        await desk.accounts.update(account.account_id, decide)
    assert await desk.accounts.get(account.account_id) == account
    assert await desk.kinds() == ["account.created"]


async def test_updating_nobody(desk):
    with pytest.raises(NotFound):
        await desk.accounts.update(new_id(), lambda a, _: (a, []))


async def test_admins_who_step_down_together_leave_one(desk, other, clock):
    admins = [await add(desk, f"{n}@campus.example", Role.ADMIN) for n in range(6)]
    stores = [desk.accounts, other.accounts]

    def decide(found, other_admins):
        wanted = Edit(active=False) if found.email < "3" else Edit(role=Role.STAFF)
        return rules.edit(found, wanted, other_admins, SYSTEM, clock.now())

    results = await asyncio.gather(
        *(stores[n % 2].update(a.account_id, decide) for n, a in enumerate(admins)),
        return_exceptions=True,
    )
    assert sum(isinstance(r, Conflict) for r in results) == 1
    left = [a for a in await desk.accounts.staff() if a.active and a.role is Role.ADMIN]
    assert len(left) == 1


async def test_the_list_of_staff_follows_names_and_roles(desk):
    bo, cy = [await add(desk, f"{n}@campus.example", name=n) for n in ("Bo", "Cy")]

    def edit(wanted: Edit):
        return lambda a, others: rules.edit(a, wanted, others, SYSTEM, desk.clock.now())

    await desk.accounts.update(cy.account_id, edit(Edit(name="Al")))
    await desk.accounts.update(bo.account_id, edit(Edit(active=False)))
    assert [(a.name, a.active) for a in await desk.accounts.staff()] == [
        ("Al", True),
        ("Bo", False),
    ]
    await desk.accounts.update(cy.account_id, edit(Edit(role=Role.STUDENT)))
    assert [a.name for a in await desk.accounts.staff()] == ["Bo"]
    await desk.accounts.update(cy.account_id, edit(Edit(role=Role.ADMIN)))
    assert [(a.name, a.role) for a in await desk.accounts.staff()] == [
        ("Al", Role.ADMIN),
        ("Bo", Role.STAFF),
    ]


async def test_the_other_active_admins_are_counted_through_every_change(desk):
    bo = await add(desk, "bo@campus.example", Role.ADMIN)
    cy = await add(desk, "cy@campus.example")
    others: list[int] = []

    async def change(account: Account, **fields) -> None:
        def decide(found: Account, other_admins: int):
            others.append(other_admins)
            fact = rules.fact("account.changed", found.account_id, {}, SYSTEM, desk.clock.now())
            return msgspec.structs.replace(found, **fields), [fact]

        await desk.accounts.update(account.account_id, decide)

    await change(bo, name="Beau")
    await change(cy, role=Role.ADMIN)
    await change(bo, name="Bo")
    await change(cy, active=False)
    await change(bo, name="Beau")
    await change(cy, active=True)
    await change(cy, name="Cy")
    await change(bo, role=Role.STUDENT)
    await change(cy, name="Cyd")
    assert others == [0, 1, 1, 1, 0, 1, 1, 1, 0]


async def test_updates_made_side_by_side_all_count(desk, other):
    account = await add(desk, "bo@campus.example")
    stores = [desk.accounts, other.accounts]

    def decide(found, _):
        return rules.replace_password(found, SYSTEM, desk.clock.now())

    await asyncio.gather(
        *(stores[n % 2].update(account.account_id, decide) for n in range(10)),
        *(desk.accounts.replace_hash(account.account_id, f"{n}", f"{n + 1}") for n in range(3)),
    )
    stored = await desk.accounts.by_email("bo@campus.example")
    assert stored.account.epoch == 11
    assert stored.password_hash == "hash of bo@campus.example"
    assert (await desk.kinds()).count("account.password-changed") == 10


async def test_a_renewed_hash_and_an_edit_made_at_once_are_both_kept(desk, other):
    for n in range(8):
        account = await add(desk, f"{n}@campus.example")

        def decide(found, others):
            return rules.edit(found, Edit(name="New"), others, SYSTEM, desk.clock.now())

        await asyncio.gather(
            desk.accounts.update(account.account_id, decide),
            other.accounts.replace_hash(account.account_id, f"hash of {account.email}", "renewed"),
        )
        stored = await desk.accounts.by_email(account.email)
        assert (stored.account.name, stored.password_hash) == ("New", "renewed")


async def test_a_hash_is_renewed_only_while_it_is_the_same(desk):
    account = await add(desk, "bo@campus.example")
    await desk.accounts.replace_hash(account.account_id, "another", "wrong")
    await desk.accounts.replace_hash(account.account_id, "hash of bo@campus.example", "right")
    stored = await desk.accounts.by_email("bo@campus.example")
    assert (stored.password_hash, stored.account.epoch) == ("right", 1)


# -- the PIN ------------------------------------------------------------------------------------


def pin_change(desk: Desk) -> Change:
    return rules.replace_pin(None, "", SYSTEM, desk.clock.now())[1]


async def test_a_pin_follows_the_one_before(desk):
    assert await desk.pins.load() is None
    await desk.pins.save(Pin("first", 1), [pin_change(desk)])
    await desk.pins.save(Pin("second", 2), [pin_change(desk)])
    for epoch in (1, 2, 4):
        with pytest.raises(Conflict):
            await desk.pins.save(Pin("late", epoch), [pin_change(desk)])
    assert await desk.pins.load() == Pin("second", 2)
    assert await desk.kinds() == ["account.pin-changed"] * 2


async def test_one_of_many_first_pins_is_kept(desk, other):
    stores = [desk.pins, other.pins]
    saves = [stores[n % 2].save(Pin(f"hash {n}", 1), [pin_change(desk)]) for n in range(5)]
    results = await asyncio.gather(*saves, return_exceptions=True)
    (kept,) = [n for n, result in enumerate(results) if result is None]
    assert await desk.pins.load() == Pin(f"hash {kept}", 1)


# -- tallies ------------------------------------------------------------------------------------


def tally(desk: Desk, failures: int, minutes: int = 60, *, locked: bool = False) -> Tally:
    now = desk.clock.now()
    until = now + timedelta(minutes=minutes)
    return Tally(failures, since=now, forget_at=until, locked_until=until if locked else None)


async def test_tallies_are_kept_replaced_and_removed(desk):
    now = desk.clock.now()
    first, second = tally(desk, 1), tally(desk, 5, locked=True)
    change = Change("account.sign-in-failed", "x", {}, "Someone", to_text(now))
    saved = Outcome({"a": first, "b": first, "c": None}, (change,))
    assert await desk.attempts.update(["a", "b", "c"], lambda _: saved, now) == saved
    assert await desk.attempts.load(["a", "b", "c"]) == {"a": first, "b": first}

    def decide(found):
        assert found == {"a": first, "b": first}
        return Outcome({"a": second, "b": None})

    await desk.attempts.update(["a", "b"], decide, now)
    assert await desk.attempts.load(["a", "b"]) == {"a": second}
    assert await desk.kinds() == ["account.sign-in-failed"]


async def test_a_refusal_saves_nothing(desk):
    def decide(_):
        raise TooManyRequests(retry_after_s=60)

    with pytest.raises(TooManyRequests):
        await desk.attempts.update(["a"], decide, desk.clock.now())
    assert await desk.attempts.load(["a"]) == {}


async def test_tallies_made_side_by_side_all_count(desk, other, clock):
    stores = [desk.attempts, other.attempts]

    def decide(found):
        return Outcome({"a": tally(desk, found["a"].failures + 1 if "a" in found else 1)})

    await asyncio.gather(*(stores[n % 2].update(["a"], decide, clock.now()) for n in range(40)))
    assert (await desk.attempts.load(["a"]))["a"].failures == 40


async def test_nobody_writes_between_the_look_and_the_write(desk, other, clock):
    stores = [desk.attempts, other.attempts]
    keys = [f"{n}" for n in range(6)]

    def only_one(key):
        def decide(found):
            if found:
                raise TooManyRequests(retry_after_s=60)
            return Outcome({key: tally(desk, 1)})

        return decide

    tries = (stores[n % 2].update(keys, only_one(key), clock.now()) for n, key in enumerate(keys))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, TooManyRequests) for result in results) == 5
    assert len(await desk.attempts.load(keys)) == 1


async def test_changes_of_one_subject_and_instant_are_all_kept(desk, other, clock, monkeypatch):
    places = iter([7, 7, 8, 8, 9])  # where places are drawn by lot, some are drawn twice
    monkeypatch.setattr("random.randrange", lambda _: next(places))
    change = Change("account.sign-in-failed", "x", {}, "Someone", to_text(clock.now()))
    for one in (desk, other, desk):
        await one.attempts.update(["a"], lambda _: Outcome({}, (change,)), clock.now())
    assert await desk.kinds() == ["account.sign-in-failed"] * 3


async def test_tallies_whose_time_is_over_are_removed(desk, clock):
    await desk.attempts.update(
        ["old", "new"],
        lambda _: Outcome({"old": tally(desk, 1, 10), "new": tally(desk, 1, 30)}),
        clock.now(),
    )
    clock.advance(timedelta(minutes=20))
    await desk.attempts.update(["a"], lambda _: Outcome(), clock.now())
    assert set(await desk.attempts.load(["old", "new"])) == {"new"}


# -- ended sessions -----------------------------------------------------------------------------


async def test_a_session_ends_once_and_is_remembered_until_its_tokens_expire(desk, clock):
    change = Change("account.signed-out", "x", {}, "Bo", to_text(clock.now()))
    until = clock.now() + timedelta(days=7)
    for _ in range(2):
        await desk.ended_sessions.end("one", until, clock.now(), [change])
    assert await desk.ended_sessions.has_ended("one")
    assert not await desk.ended_sessions.has_ended("two")
    assert await desk.kinds() == ["account.signed-out"]
    clock.advance(timedelta(days=8))
    await desk.ended_sessions.end("two", until + timedelta(days=8), clock.now(), [change])
    assert not await desk.ended_sessions.has_ended("one")


async def test_a_session_ended_side_by_side_ends_once(desk, other, clock):
    change = Change("account.signed-out", "x", {}, "Bo", to_text(clock.now()))
    until = clock.now() + timedelta(days=7)
    stores = [desk.ended_sessions, other.ended_sessions]
    await asyncio.gather(
        *(stores[n % 2].end("one", until, clock.now(), [change]) for n in range(6))
    )
    assert await other.ended_sessions.has_ended("one")
    assert await desk.kinds() == ["account.signed-out"]
