"""What the store of passwords and TOTP secrets keeps, where no service beside it does."""

import asyncio

import msgspec
import pytest

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account
from quadrangle.accounts.ports import EmailTaken
from quadrangle.accounts.rules import AccountEdit
from quadrangle.accounts.secrets.ports import Secrets
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Role
from quadrangle.sql.accounts.store import SqlAccountStore

ONE = Secrets("hash")


@pytest.fixture
def store(database) -> SqlAccountStore:
    return SqlAccountStore(database)


async def add(store, clock, secrets: Secrets = ONE, role=Role.STAFF) -> Account:
    account, facts = rules.open_account(
        new_id(), "bo@campus.example", "Bo", role, SYSTEM, clock.now()
    )
    await store.add(account, secrets, facts)
    return account


def with_hash(hashed: str):
    return lambda secrets: msgspec.structs.replace(secrets, password_hash=hashed)


@pytest.mark.parametrize("secrets", [Secrets(), Secrets("hash", "sealed", 2**40)])
async def test_secrets_are_kept_beside_the_account(store, clock, secrets):
    account = await add(store, clock, secrets)
    assert await store.secrets(account.account_id) == secrets
    assert await store.get(account.account_id) == account
    assert await store.secrets(new_id()) is None


async def test_an_address_that_is_taken_keeps_its_secrets(store, clock):
    account = await add(store, clock)
    with pytest.raises(EmailTaken):
        await add(store, clock, Secrets("another"))
    assert await store.secrets(account.account_id) == Secrets("hash")


async def test_secrets_and_account_are_saved_together(store, clock):
    account = await add(store, clock)

    def decide(found, _):
        return rules.replace_password(found, SYSTEM, clock.now())

    saved = await store.update_secrets(account.account_id, with_hash("new"), decide)
    assert saved == await store.get(account.account_id)
    assert saved.epoch == 2
    assert await store.secrets(account.account_id) == Secrets("new")


async def test_secrets_alone_leave_the_account_as_it_is(store, clock):
    account = await add(store, clock)
    assert await store.update_secrets(account.account_id, with_hash("new")) == account
    assert await store.secrets(account.account_id) == Secrets("new")


async def test_a_refusal_saves_neither(store, clock):
    account = await add(store, clock, role=Role.ADMIN)

    def decide(found, others):
        return rules.edit(found, AccountEdit(active=False), others, SYSTEM, clock.now())

    with pytest.raises(Conflict):
        await store.update_secrets(account.account_id, with_hash("new"), decide)
    assert await store.secrets(account.account_id) == Secrets("hash")
    with pytest.raises(NotFound):
        await store.update_secrets(new_id(), with_hash("new"))


async def test_changes_made_side_by_side_all_count(store, clock):
    account = await add(store, clock, Secrets("hash", "sealed", 0))

    def next_step(secrets: Secrets) -> Secrets:
        return msgspec.structs.replace(secrets, totp_step=(secrets.totp_step or 0) + 1)

    def rename(name: str):
        return lambda a, n: rules.edit(a, AccountEdit(name=name), n, SYSTEM, clock.now())

    await asyncio.gather(
        *(store.update_secrets(account.account_id, next_step) for _ in range(8)),
        *(store.update(account.account_id, rename(f"Bo {n}")) for n in range(4)),
    )
    assert await store.secrets(account.account_id) == Secrets("hash", "sealed", 8)
