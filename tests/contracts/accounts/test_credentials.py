"""What every keeper of passwords and authenticator apps does."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pyotp import TOTP

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.ports import EmailTaken
from quadrangle.accounts.rules import AccountEdit
from quadrangle.accounts.secrets.ports import Credentials
from quadrangle.aws.accounts.cognito import CognitoCredentials
from quadrangle.aws.accounts.enrolments import Enrolments
from quadrangle.aws.accounts.sessions import DynamoUsedTokens
from quadrangle.aws.accounts.store import DynamoAccountStore
from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Conflict, Gone, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Role
from quadrangle.sql.base.database import Database
from tests.account_desk import InThreads, SqlDesk
from tests.databases import Migrated
from tests.standin.tables import make_tables
from tests.standin.user_pools import make_pool

PASSWORD = "correct horse battery"
# of kinds that a keeper of its own might not take as they are
ODD = [
    "pässwörter 😀 sind gut",
    "  spaces around them  ",
    "sha256:looks-like-one",
    "x" * 150 + "yz1#",
]


class Keeper:
    """Credentials with the accounts beside them, and codes by the clock they go by."""

    def __init__(self, credentials: Any, accounts: Any, clock: ManualClock, real: bool) -> None:
        self.credentials: Credentials = credentials
        self.accounts = accounts
        self.clock = clock
        self._real = real

    def code(self, secret: str, steps: int = 0) -> str:
        """Return the code of the present step, or of one later or earlier."""
        now = time.time() if self._real else self.clock.now().timestamp()
        return TOTP(secret).at(int(now) + 30 * steps)

    async def open(self, password: str | None = PASSWORD, role: Role = Role.STAFF) -> Account:
        account, facts = rules.open_account(
            new_id(), f"{new_id()}@campus.example", "Bo", role, SYSTEM, self.clock.now()
        )
        await self.credentials.open(account, password, facts)
        return account

    async def check(self, account: Account, password: str = PASSWORD) -> bool:
        return (await self.credentials.check_password(account.account_id, password)).right

    async def check_code(self, account: Account, code: str) -> bool:
        """Tell whether password and code are right."""
        checked = await self.credentials.check_password(account.account_id, PASSWORD)
        assert checked.right
        assert checked.code_required
        return (await self.credentials.check_code(account.account_id, checked, code)).right

    async def enrol(self, account: Account) -> str:
        """Set up an app with the code of the step before this one; return its secret."""
        begun = await self.credentials.begin_totp(account.account_id, PASSWORD)
        code = self.code(begun.secret, -1)
        confirmed = await self.credentials.confirm_totp(
            account.account_id, begun.handle, code, self.changing(two_factor=True)
        )
        assert confirmed is not None
        assert confirmed.two_factor
        return begun.secret

    def changing(self, **fields: Any):
        """Return what decides to change these fields of the account, and to raise its epoch."""

        def decide(found: Account, _: int):
            fact = rules.fact("account.changed", found.account_id, {}, SYSTEM, self.clock.now())
            values = {**{n: getattr(found, n) for n in found.__struct_fields__}, **fields}
            return Account(**{**values, "epoch": found.epoch + 1}), [fact]

        return decide


@pytest.fixture(params=["sqlite", "postgresql", "cognito"])
async def keepers(
    request: pytest.FixtureRequest, clock: ManualClock, migrated: Migrated
) -> AsyncIterator[tuple[Keeper, Keeper]]:
    """Two processes with the same keeper."""
    if request.param == "cognito":
        standin = request.getfixturevalue("standin")
        dynamo = Dynamo(standin.client("dynamodb"))
        tables = Tables(make_tables(standin.client("dynamodb"), "Accounts", "Changes"))
        pool = make_pool(standin.client("cognito-idp"))
        accounts = DynamoAccountStore(dynamo, tables)
        enrolments = Enrolments(dynamo, tables)
        used = DynamoUsedTokens(dynamo, tables)
        credentials = InThreads(CognitoCredentials(pool, accounts, enrolments, used, clock))
        keeper = Keeper(credentials, InThreads(accounts), clock, real=True)
        yield keeper, keeper
        return
    url = migrated(request.param)
    first, second = Database(url), Database(url)
    desks = [SqlDesk(database, clock) for database in (first, second)]
    one, two = (Keeper(d.credentials, d.accounts, clock, real=False) for d in desks)
    yield one, two
    await first.close()
    await second.close()


@pytest.fixture
def keeper(keepers: tuple[Keeper, Keeper]) -> Keeper:
    return keepers[0]


@pytest.fixture
def other(keepers: tuple[Keeper, Keeper]) -> Keeper:
    return keepers[1]


# -- passwords ----------------------------------------------------------------------------------


async def test_the_password_of_an_account_is_right_and_others_are_not(keeper, other):
    account = await keeper.open()
    checked = await other.credentials.check_password(account.account_id, PASSWORD)
    assert (checked.right, checked.code_required) == (True, False)
    for wrong in ("", "wrong", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1]):
        assert not await keeper.check(account, wrong)
    assert await keeper.accounts.get(account.account_id) == account
    assert await keeper.credentials.has_password(account.account_id)


@pytest.mark.parametrize("password", ODD)
async def test_passwords_of_every_kind_are_kept(keeper, password):
    account = await keeper.open(password)
    assert await keeper.check(account, password)
    assert not await keeper.check(account, password.strip()[:-1])


async def test_strangers_and_unknown_ids_are_wrong(keeper):
    for account_id in (None, new_id()):
        checked = await keeper.credentials.check_password(account_id, PASSWORD)
        assert (checked.right, checked.code_required) == (False, False)


async def test_an_account_without_a_password_lets_nobody_in(keeper):
    account = await keeper.open(None)
    assert not await keeper.credentials.has_password(account.account_id)
    for wrong in ("", "None", PASSWORD):
        assert not await keeper.check(account, wrong)
    changed = await keeper.credentials.set_password(
        account.account_id, PASSWORD, keeper.changing(state=AccountState.OPEN)
    )
    assert changed.epoch == 2
    assert await keeper.credentials.has_password(account.account_id)
    assert await keeper.check(account)


async def test_an_address_that_is_taken_opens_nothing(keeper):
    account = await keeper.open()
    again, facts = rules.open_account(
        new_id(), account.email, "Cy", Role.STAFF, SYSTEM, keeper.clock.now()
    )
    with pytest.raises(EmailTaken):
        await keeper.credentials.open(again, "another good one", facts)
    assert not await keeper.check(again, "another good one")
    assert await keeper.check(account)


async def test_a_new_password_ends_the_old_one(keeper, other):
    account = await keeper.open()
    changed = await keeper.credentials.set_password(
        account.account_id, "another good one", keeper.changing()
    )
    assert await keeper.accounts.get(account.account_id) == changed
    assert not await other.check(account)
    assert await other.check(account, "another good one")


async def test_a_password_that_is_forgotten_opens_nothing_until_another_one_is_set(keeper, other):
    account = await keeper.open()
    changing = keeper.changing(name="Bo")
    changed = await keeper.credentials.forget_password(account.account_id, changing)
    assert changed.name == "Bo"
    assert await keeper.accounts.get(account.account_id) == changed
    assert not await other.check(account)
    assert not await keeper.credentials.has_password(account.account_id)
    await keeper.credentials.set_password(account.account_id, "another good one", changing)
    assert await other.check(account, "another good one")


async def test_a_refusal_leaves_the_password_as_it_was(keeper):
    account = await keeper.open(role=Role.ADMIN)

    def refuse(found, others):
        return rules.edit(found, AccountEdit(active=False), others, SYSTEM, keeper.clock.now())

    with pytest.raises(Conflict):
        await keeper.credentials.set_password(account.account_id, "another good one", refuse)
    assert await keeper.check(account)
    assert not await keeper.check(account, "another good one")
    with pytest.raises(NotFound):
        await keeper.credentials.set_password(new_id(), PASSWORD, keeper.changing())


async def test_two_new_passwords_at_once_leave_one(keeper, other):
    account = await keeper.open()
    wanted = ["another good one", "quite another one"]
    await asyncio.gather(
        *(
            each.credentials.set_password(account.account_id, password, each.changing())
            for each, password in zip((keeper, other), wanted, strict=True)
        )
    )
    right = [await keeper.check(account, password) for password in [*wanted, PASSWORD]]
    assert sorted(right) == [False, False, True]
    assert not right[-1]
    assert (await keeper.accounts.get(account.account_id)).epoch == 3


# -- the app ------------------------------------------------------------------------------------


async def test_an_app_counts_once_a_code_of_it_was_given(keeper, other):
    account = await keeper.open()
    begun = await keeper.credentials.begin_totp(account.account_id, PASSWORD)
    checked = await keeper.credentials.check_password(account.account_id, PASSWORD)
    assert not checked.code_required
    assert not await keeper.credentials.has_totp(account.account_id)
    wrong = keeper.code(begun.secret, 40)
    for code in (wrong, "", "12345", "abcdef", "１２３４５６"):
        confirmed = await other.credentials.confirm_totp(
            account.account_id, begun.handle, code, other.changing(two_factor=True)
        )
        assert confirmed is None
    assert not (await keeper.accounts.get(account.account_id)).two_factor
    confirmed = await other.credentials.confirm_totp(
        account.account_id, begun.handle, keeper.code(begun.secret), other.changing(two_factor=True)
    )
    assert confirmed == await keeper.accounts.get(account.account_id)
    assert await keeper.credentials.has_totp(account.account_id)
    checked = await keeper.credentials.check_password(account.account_id, PASSWORD)
    assert (checked.right, checked.code_required) == (True, True)


async def test_an_account_without_a_password_may_have_an_app(keeper):
    account = await keeper.open(None)
    begun = await keeper.credentials.begin_totp(account.account_id, "")
    confirmed = await keeper.credentials.confirm_totp(
        account.account_id, begun.handle, keeper.code(begun.secret), keeper.changing()
    )
    assert confirmed is not None
    assert await keeper.credentials.has_totp(account.account_id)
    assert not await keeper.credentials.has_password(account.account_id)


async def test_a_set_up_is_of_one_account_and_one_use(keeper):
    bo, cy = await keeper.open(), await keeper.open()
    begun = await keeper.credentials.begin_totp(bo.account_id, PASSWORD)
    code = keeper.code(begun.secret)

    async def confirm(account: Account, handle: str) -> Account | None:
        return await keeper.credentials.confirm_totp(
            account.account_id, handle, code, keeper.changing()
        )

    for account, handle in ((cy, begun.handle), (bo, new_id()), (bo, "nonsense"), (bo, "")):
        with pytest.raises(Gone):
            await confirm(account, handle)
    assert not await keeper.credentials.has_totp(cy.account_id)
    assert await confirm(bo, begun.handle) is not None
    with pytest.raises(Gone):
        await confirm(bo, begun.handle)


async def test_a_set_up_ends_with_its_time(keeper):
    account = await keeper.open()
    begun = await keeper.credentials.begin_totp(account.account_id, PASSWORD)
    keeper.clock.advance(timedelta(minutes=15))
    with pytest.raises(Gone):
        await keeper.credentials.confirm_totp(
            account.account_id, begun.handle, keeper.code(begun.secret), keeper.changing()
        )


async def test_a_code_is_right_once_also_side_by_side(keeper, other):
    account = await keeper.open()
    secret = await keeper.enrol(account)
    assert not await keeper.check_code(account, keeper.code(secret, 40))
    code = keeper.code(secret)
    results = await asyncio.gather(
        *(each.check_code(account, code) for each in (keeper, other, keeper, other))
    )
    assert results.count(True) == 1
    assert not await keeper.check_code(account, code)
    assert await keeper.check_code(account, keeper.code(secret, 1))


async def test_the_code_an_app_was_set_up_with_is_not_taken_again(keeper):
    account = await keeper.open()
    begun = await keeper.credentials.begin_totp(account.account_id, PASSWORD)
    code = keeper.code(begun.secret)
    await keeper.credentials.confirm_totp(account.account_id, begun.handle, code, keeper.changing())
    assert not await keeper.check_code(account, code)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 456"])
async def test_what_is_not_six_digits_is_wrong(keeper, code):
    account = await keeper.open()
    await keeper.enrol(account)
    assert not await keeper.check_code(account, code)


async def test_an_app_that_was_removed_is_not_asked_for(keeper, other):
    account = await keeper.open()
    await keeper.enrol(account)
    removed = await other.credentials.remove_totp(
        account.account_id, other.changing(two_factor=False)
    )
    assert not removed.two_factor
    assert not await keeper.credentials.has_totp(account.account_id)
    checked = await keeper.credentials.check_password(account.account_id, PASSWORD)
    assert (checked.right, checked.code_required) == (True, False)
    # and another one can be set up
    secret = await keeper.enrol(account)
    assert await keeper.check_code(account, keeper.code(secret))


async def test_a_new_password_leaves_the_app_on(keeper):
    account = await keeper.open()
    secret = await keeper.enrol(account)
    await keeper.credentials.set_password(account.account_id, "another good one", keeper.changing())
    await keeper.credentials.set_password(account.account_id, PASSWORD, keeper.changing())
    assert await keeper.check_code(account, keeper.code(secret))


# -- closing ------------------------------------------------------------------------------------


async def test_a_closed_account_is_signed_in_to_by_nothing(keeper, other):
    account = await keeper.open()
    await keeper.enrol(account)
    closing = keeper.changing(state=AccountState.CLOSED, two_factor=False)
    closed = await keeper.credentials.close(account.account_id, closing)
    assert closed.state is AccountState.CLOSED
    assert await keeper.accounts.get(account.account_id) == closed
    checked = await other.credentials.check_password(account.account_id, PASSWORD)
    assert (checked.right, checked.code_required) == (False, False)
    assert not await keeper.credentials.has_password(account.account_id)
    assert not await keeper.credentials.has_totp(account.account_id)
    # what was interrupted is repeated
    await keeper.credentials.close(account.account_id, closing)


async def test_a_refused_closing_leaves_everything(keeper):
    account = await keeper.open()
    secret = await keeper.enrol(account)

    def refuse(_: Account, __: int):
        raise Conflict("no")

    with pytest.raises(Conflict):
        await keeper.credentials.close(account.account_id, refuse)
    with pytest.raises(Conflict):
        await keeper.credentials.forget_password(account.account_id, refuse)
    with pytest.raises(Conflict):
        await keeper.credentials.remove_totp(account.account_id, refuse)
    assert await keeper.check_code(account, keeper.code(secret))
