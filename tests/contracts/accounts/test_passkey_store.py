"""What every store of passkeys keeps, and that recovery codes come with their change."""

import asyncio

import msgspec
import pytest

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account
from quadrangle.accounts.own.factor_rules import FactorChange, change_factors, told
from quadrangle.accounts.own.passkey_model import Passkey
from quadrangle.accounts.own.passkey_ports import PasskeyKnown
from quadrangle.accounts.ports import Decide
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Role
from tests.account_desk import Desk


async def account_of(desk: Desk, email: str = "bo@campus.example") -> Account:
    account, facts = rules.open_account(new_id(), email, "Bo", Role.STAFF, SYSTEM, desk.clock.now())
    await desk.credentials.open(account, None, facts)
    return account


def passkey_of(account: Account, passkey_id: str = "key-1", at: str = "2026-01-01") -> Passkey:
    return Passkey(
        passkey_id=passkey_id,
        account_id=account.account_id,
        name="Laptop",
        public_key="pQECAyYgASFYIA",
        sign_count=2**32 - 1,
        transports=("hybrid", "internal"),
        created_at=f"{at}T00:00:00.000Z",
    )


def noted(desk: Desk, seen: Account, *, left: bool = True) -> Decide:
    what = FactorChange.PASSKEY_ADDED if left else FactorChange.PASSKEY_REMOVED
    return lambda found, _: change_factors(found, seen, what, SYSTEM, desk.clock.now(), left=left)


async def test_a_passkey_is_kept_with_its_account(desk, other):
    account = await account_of(desk)
    passkey = passkey_of(account)
    changed = await desk.parts.passkeys.add(passkey, noted(desk, account))
    assert changed == msgspec.structs.replace(account, two_factor=True, epoch=2)
    assert await other.accounts.get(account.account_id) == changed
    assert await other.parts.passkeys.get("key-1") == passkey
    assert await other.parts.passkeys.get("key-2") is None
    assert await desk.kinds() == ["account.created", "account.second-factor-changed"]


async def test_passkeys_of_an_account_are_listed_the_oldest_first(desk):
    account, another = await account_of(desk), await account_of(desk, "cy@campus.example")
    longest = "A" * 1364
    for name, at in (("key-2", "2026-01-02"), (longest, "2026-01-03"), ("key-1", "2026-01-01")):
        now = await desk.accounts.get(account.account_id)
        await desk.parts.passkeys.add(passkey_of(account, name, at), noted(desk, now))
    await desk.parts.passkeys.add(passkey_of(another, "key-4"), noted(desk, another))
    listed = await desk.parts.passkeys.of_account(account.account_id)
    assert [each.passkey_id for each in listed] == ["key-1", "key-2", longest]
    assert await desk.parts.passkeys.of_account(new_id()) == []


async def test_an_id_is_taken_once_also_at_the_same_moment(desk, other):
    accounts = [await account_of(desk, f"{n}@campus.example") for n in range(4)]
    stores = [desk.parts.passkeys, other.parts.passkeys]
    adds = [
        stores[n % 2].add(passkey_of(account), noted(desk, account))
        for n, account in enumerate(accounts)
    ]
    results = await asyncio.gather(*adds, return_exceptions=True)
    assert sum(isinstance(each, PasskeyKnown) for each in results) == 3
    marked = [await desk.accounts.get(account.account_id) for account in accounts]
    assert sum(account.two_factor for account in marked) == 1
    assert (await desk.kinds()).count("account.second-factor-changed") == 1


async def test_what_is_refused_saves_nothing(desk):
    account = await account_of(desk)
    late = msgspec.structs.replace(account, epoch=7)
    with pytest.raises(Conflict):
        await desk.parts.passkeys.add(passkey_of(account), noted(desk, late))
    assert await desk.parts.passkeys.of_account(account.account_id) == []
    assert await desk.parts.passkeys.get("key-1") is None
    now = await desk.parts.passkeys.add(passkey_of(account), noted(desk, account))
    with pytest.raises(Conflict):
        await desk.parts.passkeys.remove(account.account_id, "key-1", noted(desk, late, left=False))
    assert len(await desk.parts.passkeys.of_account(account.account_id)) == 1
    assert await desk.accounts.get(account.account_id) == now


async def test_nobody_has_no_passkey(desk):
    account = await account_of(desk)
    nobody = msgspec.structs.replace(account, account_id=new_id())
    with pytest.raises(NotFound):
        await desk.parts.passkeys.add(passkey_of(nobody), noted(desk, nobody))
    assert await desk.parts.passkeys.get("key-1") is None


async def test_updates_made_side_by_side_all_count(desk, other):
    account = await account_of(desk)
    await desk.parts.passkeys.add(
        msgspec.structs.replace(passkey_of(account), sign_count=0), noted(desk, account)
    )

    def counted(found: Passkey) -> Passkey:
        return msgspec.structs.replace(found, sign_count=found.sign_count + 1, used_at="now")

    stores = [desk.parts.passkeys, other.parts.passkeys]
    await asyncio.gather(*(stores[n % 2].update("key-1", counted) for n in range(8)))
    found = await desk.parts.passkeys.get("key-1")
    assert (found.sign_count, found.used_at) == (8, "now")
    assert await desk.parts.passkeys.update("key-2", counted) is None

    def refuse(_: Passkey) -> Passkey:
        raise NotFound()

    with pytest.raises(NotFound):
        await desk.parts.passkeys.update("key-1", refuse)


async def test_a_passkey_is_removed_by_its_account_only(desk):
    account, another = await account_of(desk), await account_of(desk, "cy@campus.example")
    now = await desk.parts.passkeys.add(passkey_of(account), noted(desk, account))
    stolen = desk.parts.passkeys.remove(
        another.account_id, "key-1", noted(desk, another, left=False)
    )
    assert await stolen is None
    assert await desk.accounts.get(another.account_id) == another
    removed = await desk.parts.passkeys.remove(
        account.account_id, "key-1", noted(desk, now, left=False)
    )
    assert (removed.two_factor, removed.epoch) == (False, 3)
    assert await desk.parts.passkeys.get("key-1") is None
    assert await desk.parts.passkeys.of_account(account.account_id) == []
    again = desk.parts.passkeys.remove(
        account.account_id, "key-1", noted(desk, removed, left=False)
    )
    assert await again is None


async def test_all_passkeys_of_an_account_are_forgotten(desk):
    account, another = await account_of(desk), await account_of(desk, "cy@campus.example")
    for name in ("key-1", "key-2"):
        now = await desk.accounts.get(account.account_id)
        await desk.parts.passkeys.add(passkey_of(account, name), noted(desk, now))
    await desk.parts.passkeys.add(passkey_of(another, "key-3"), noted(desk, another))
    for _ in range(2):  # twice is once
        await desk.parts.passkeys.forget(account.account_id)
    assert await desk.parts.passkeys.of_account(account.account_id) == []
    assert await desk.parts.passkeys.get("key-2") is None
    assert len(await desk.parts.passkeys.of_account(another.account_id)) == 1


async def test_recovery_codes_are_replaced_with_the_change_that_tells(desk):
    account_id = new_id()
    change = told(account_id, FactorChange.CODES_RENEWED, SYSTEM, desk.clock.now())
    await desk.parts.recovery_codes.replace(account_id, ["a", "b"], [change])
    await desk.parts.recovery_codes.replace(account_id, ["c"], [change])
    await desk.parts.recovery_codes.replace(account_id, ["d"])
    assert await desk.parts.recovery_codes.count(account_id) == 1
    assert await desk.kinds() == ["account.second-factor-changed"] * 2
