"""What every store of accounts keeps."""

import asyncio

import msgspec
import pytest

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.ports import EmailTaken
from quadrangle.accounts.rules import AccountEdit
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Role
from tests.account_desk import Desk


async def add(desk: Desk, email: str, role: Role = Role.STAFF, name: str = "Bo") -> Account:
    account, facts = rules.open_account(new_id(), email, name, role, SYSTEM, desk.clock.now())
    await desk.credentials.open(account, None, facts)
    return account


def with_fields(desk: Desk, **fields):
    """Return what decides to change these fields."""

    def decide(found: Account, _: int):
        fact = rules.fact("account.changed", found.account_id, {}, SYSTEM, desk.clock.now())
        return msgspec.structs.replace(found, **fields), [fact]

    return decide


async def test_an_account_is_found_by_id_and_address(desk):
    account = await add(desk, "bo@campus.example", Role.ADMIN)
    assert await desk.accounts.get(account.account_id) == account
    assert await desk.accounts.by_email("bo@campus.example") == account
    assert await desk.accounts.get(new_id()) is None
    assert await desk.accounts.by_email("cy@campus.example") is None
    assert await desk.kinds() == ["account.created"]


async def test_every_field_of_an_account_is_kept(desk):
    account = await add(desk, "bo@campus.example")
    fields = {
        "email": "b@campus.example",
        "name": "Bö",
        "role": Role.TEACHER,
        "state": AccountState.UNCONFIRMED,
        "active": False,
        "two_factor": True,
        "epoch": 7,
        "new_email": "beau@campus.example",
    }
    changed = await desk.accounts.update(account.account_id, with_fields(desk, **fields))
    assert changed == msgspec.structs.replace(account, **fields)
    assert await desk.accounts.get(account.account_id) == changed
    plain = await desk.accounts.update(account.account_id, with_fields(desk, new_email=None))
    assert (await desk.accounts.get(account.account_id)) == plain
    assert plain.new_email is None


async def test_an_address_is_taken_once_also_at_the_same_moment(desk, other):
    tries = [add(one, "bo@campus.example") for one in (desk, other, desk, other, desk)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(r, EmailTaken) for r in results) == 4
    assert await desk.kinds() == ["account.created"]


async def test_another_address_replaces_the_one_before_which_is_free_then(desk):
    account = await add(desk, "bo@campus.example")
    moved = await desk.accounts.update(
        account.account_id, with_fields(desk, email="beau@campus.example")
    )
    assert await desk.accounts.by_email("beau@campus.example") == moved
    assert await desk.accounts.by_email("bo@campus.example") is None
    another = await add(desk, "bo@campus.example")
    assert await desk.accounts.by_email("bo@campus.example") == another


async def test_an_address_that_is_taken_is_not_moved_to(desk):
    bo, cy = [await add(desk, f"{name}@campus.example") for name in ("bo", "cy")]
    with pytest.raises(EmailTaken):
        await desk.accounts.update(bo.account_id, with_fields(desk, email=cy.email))
    assert await desk.accounts.get(bo.account_id) == bo
    assert await desk.accounts.by_email(bo.email) == bo
    assert await desk.accounts.by_email(cy.email) == cy
    assert await desk.kinds() == ["account.created"] * 2


async def test_an_address_two_move_to_at_once_gets_one_of_them(desk, other):
    accounts = [await add(desk, f"{n}@campus.example") for n in range(4)]
    stores = [desk.accounts, other.accounts]
    results = await asyncio.gather(
        *(
            stores[n % 2].update(each.account_id, with_fields(desk, email="bo@campus.example"))
            for n, each in enumerate(accounts)
        ),
        return_exceptions=True,
    )
    (moved,) = [each for each in results if isinstance(each, Account)]
    assert sum(isinstance(each, EmailTaken) for each in results) == 3
    assert await desk.accounts.by_email("bo@campus.example") == moved


async def test_staff_is_listed_by_name_without_others(desk):
    for name, role in (("cy", Role.STAFF), ("Bo", Role.ADMIN), ("Al", Role.STUDENT)):
        await add(desk, f"{name}@campus.example".lower(), role, name)
    assert [account.name for account in await desk.accounts.staff()] == ["Bo", "cy"]


async def test_an_update_saves_account_and_changes_together(desk):
    account = await add(desk, "bo@campus.example")

    def decide(found, _):
        return rules.replace_password(found, SYSTEM, desk.clock.now())

    updated = await desk.accounts.update(account.account_id, decide)
    assert updated == msgspec.structs.replace(account, epoch=2)
    assert await desk.accounts.by_email("bo@campus.example") == updated
    assert await desk.kinds() == ["account.created", "account.password-changed"]


async def test_an_update_without_changes_saves_nothing(desk):
    account = await add(desk, "bo@campus.example")
    renamed = msgspec.structs.replace(account, name="Beau")
    await desk.accounts.update(account.account_id, lambda _, __: (renamed, []))
    assert await desk.accounts.get(account.account_id) == account


async def test_an_update_that_is_refused_saves_nothing(desk):
    account = await add(desk, "bo@campus.example", Role.ADMIN)

    def decide(found, other_admins):
        return rules.edit(
            found, AccountEdit(role=Role.STAFF), other_admins, SYSTEM, desk.clock.now()
        )

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
        wanted = AccountEdit(active=False) if found.email < "3" else AccountEdit(role=Role.STAFF)
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

    def edit(wanted: AccountEdit):
        return lambda a, others: rules.edit(a, wanted, others, SYSTEM, desk.clock.now())

    await desk.accounts.update(cy.account_id, edit(AccountEdit(name="Al")))
    await desk.accounts.update(bo.account_id, edit(AccountEdit(active=False)))
    assert [(a.name, a.active) for a in await desk.accounts.staff()] == [
        ("Al", True),
        ("Bo", False),
    ]
    await desk.accounts.update(cy.account_id, edit(AccountEdit(role=Role.STUDENT)))
    assert [a.name for a in await desk.accounts.staff()] == ["Bo"]
    await desk.accounts.update(cy.account_id, edit(AccountEdit(role=Role.ADMIN)))
    assert [(a.name, a.role) for a in await desk.accounts.staff()] == [
        ("Al", Role.ADMIN),
        ("Bo", Role.STAFF),
    ]


async def test_the_other_admins_who_can_sign_in_are_counted_through_every_change(desk):
    bo = await add(desk, "bo@campus.example", Role.ADMIN)
    cy = await add(desk, "cy@campus.example")
    others: list[int] = []

    async def change(account: Account, **fields) -> None:
        decide = with_fields(desk, **fields)

        def look(found: Account, other_admins: int):
            others.append(other_admins)
            return decide(found, other_admins)

        await desk.accounts.update(account.account_id, look)

    await change(bo, name="Beau")
    await change(cy, role=Role.ADMIN)
    await change(bo, name="Bo")
    await change(cy, active=False)
    await change(bo, name="Beau")
    await change(cy, active=True)
    await change(cy, name="Cy")
    await change(bo, state=AccountState.INVITED)
    await change(cy, name="Cyd")
    await change(bo, state=AccountState.OPEN)
    await change(bo, role=Role.STUDENT)
    await change(cy, name="Cy")
    assert others == [0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0]


async def test_updates_made_side_by_side_all_count(desk, other):
    account = await add(desk, "bo@campus.example")
    stores = [desk.accounts, other.accounts]

    def decide(found, _):
        return rules.replace_password(found, SYSTEM, desk.clock.now())

    await asyncio.gather(*(stores[n % 2].update(account.account_id, decide) for n in range(10)))
    stored = await desk.accounts.by_email("bo@campus.example")
    assert stored.epoch == 11
    assert (await desk.kinds()).count("account.password-changed") == 10
