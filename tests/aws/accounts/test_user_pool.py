"""The user pool as it is deployed, and what our calls make of its answers."""

import asyncio
import logging
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account
from quadrangle.accounts.ports import EmailTaken
from quadrangle.accounts.rules import AccountEdit
from quadrangle.aws.accounts.cognito import ENROLMENT_LIFE, CognitoCredentials
from quadrangle.aws.accounts.enrolments import Enrolments
from quadrangle.aws.accounts.mirror import PoolMirror
from quadrangle.aws.accounts.sessions import DynamoUsedTokens
from quadrangle.aws.accounts.store import DynamoAccountStore
from quadrangle.aws.accounts.user_pool import UserPool, pool_password
from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict, Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Role
from tests.standin.expanded import resources
from tests.standin.server import StandIn
from tests.standin.tables import make_tables
from tests.standin.user_pools import make_pool

PASSWORD = "correct horse battery"


def test_the_pool_lets_nobody_in_or_back_in_by_itself():
    (pool,) = resources("AWS::Cognito::UserPool").values()
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    ways = pool["AccountRecoverySetting"]["RecoveryMechanisms"]
    assert [each["Name"] for each in ways] == ["admin_only"]
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])
    assert "SmsConfiguration" not in pool
    assert pool["DeletionProtection"] == {"Fn::If": ["IsProtected", "ACTIVE", "INACTIVE"]}
    assert "AliasAttributes" not in pool
    assert "UsernameAttributes" not in pool


def test_passwords_are_as_long_in_the_pool_as_here():
    (pool,) = resources("AWS::Cognito::UserPool").values()
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy.pop("MinimumLength") == rules.PASSWORD_LENGTH[0]
    assert set(policy.values()) == {False}


def test_only_functions_sign_in_by_the_pools_client():
    (client,) = resources("AWS::Cognito::UserPoolClient").values()
    assert set(client["ExplicitAuthFlows"]) == {
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    }
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["TokenValidityUnits"]["AccessToken"] == "minutes"
    assert client["AccessTokenValidity"] * 60 == ENROLMENT_LIFE.total_seconds()


def test_every_role_is_a_group():
    groups = {each["GroupName"] for each in resources("AWS::Cognito::UserPoolGroup").values()}
    assert groups == {role.value for role in Role}


@pytest.mark.parametrize("password", ["correct-horse", "x" * 256, "!~"])
def test_passwords_that_cognito_takes_go_there_as_they_are(password: str):
    assert pool_password(password) == password


@pytest.mark.parametrize("password", ["correct horse", "pässwort-lang", "x" * 257, "sha256:x", ""])
def test_others_go_there_as_a_digest(password: str):
    told = pool_password(password)
    assert told.startswith("sha256:")
    assert pool_password(told) != told  # knowing the digest is not knowing the password
    assert len(told) == 51


# -- what goes wrong ----------------------------------------------------------------------------


class Refusing:
    """A client that refuses whatever it is asked."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        def refuse(**_: Any) -> Any:
            raise self._error

        return refuse


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Operation")


AWAY = [
    refusal("TooManyRequestsException"),
    refusal("LimitExceededException"),
    refusal("InternalErrorException"),
    refusal("ResourceNotFoundException"),
    EndpointConnectionError(endpoint_url="https://cognito.example"),
]


@pytest.mark.parametrize("error", AWAY, ids=str)
def test_what_is_not_the_callers_fault_is_unavailable(error: Exception):
    pool = UserPool(Refusing(error), "pool", "client")
    calls = [
        lambda: pool.create("bo", "bo@campus.example"),
        lambda: pool.set_password("bo", PASSWORD),
        lambda: pool.sign_in("bo", PASSWORD),
        lambda: pool.check_code("bo", "session", "123456"),
        lambda: pool.begin_app("token"),
        lambda: pool.confirm_app("token", "123456"),
        lambda: pool.want_code("bo", True),
        lambda: pool.delete("bo"),
        lambda: pool.groups("bo"),
    ]
    for call in calls:
        with pytest.raises(Unavailable):
            call()


@pytest.mark.parametrize("code", ["NotAuthorizedException", "UserNotFoundException"])
def test_a_wrong_password_and_nobody_are_the_same(code: str):
    assert UserPool(Refusing(refusal(code)), "pool", "client").sign_in("bo", PASSWORD) is None


@pytest.mark.parametrize("code", ["CodeMismatchException", "ExpiredCodeException"])
def test_a_wrong_and_an_old_code_are_the_same(code: str):
    pool = UserPool(Refusing(refusal(code)), "pool", "client")
    assert pool.check_code("bo", "session", "123456") is False


# -- beside our accounts ------------------------------------------------------------------------


class Wing:
    """Credentials and mirror on the stand-in, as functions have them."""

    def __init__(self, standin: StandIn, clock: Any) -> None:
        dynamo = Dynamo(standin.client("dynamodb"))
        tables = Tables(make_tables(standin.client("dynamodb"), "Accounts", "Changes"))
        self.clock = clock
        self.cognito = standin.client("cognito-idp")
        self.pool = make_pool(self.cognito)
        self.accounts = DynamoAccountStore(dynamo, tables)
        self.credentials = CognitoCredentials(
            self.pool,
            self.accounts,
            Enrolments(dynamo, tables),
            DynamoUsedTokens(dynamo, tables),
            clock,
        )
        self._mirror = PoolMirror(self.pool, self.accounts)

    async def open(self, password: str | None = PASSWORD) -> Account:
        account, facts = rules.open_account(
            new_id(), f"{new_id()}@campus.example", "Bo", Role.STAFF, SYSTEM, self.clock.now()
        )
        await self.credentials.open(account, password, facts)
        return account

    async def edit(self, account: Account, **wanted: Any) -> None:
        def decide(found: Account, others: int):
            return rules.edit(found, AccountEdit(**wanted), others + 1, SYSTEM, self.clock.now())

        await self.accounts.update(account.account_id, decide)

    async def mirror(self, account: Account) -> None:
        change = Change("account.changed", account.account_id, {}, "Quadrangle", "")
        await self._mirror.mirror(change)

    def user(self, account: Account) -> dict[str, Any]:
        return self.cognito.admin_get_user(
            UserPoolId=self.pool.pool_id, Username=account.account_id
        )


@pytest.fixture
def wing(standin: StandIn, clock: Any) -> Wing:
    return Wing(standin, clock)


async def test_users_go_by_the_ids_of_their_accounts(wing: Wing):
    account = await wing.open()
    user = wing.user(account)
    attributes = {each["Name"]: each["Value"] for each in user["UserAttributes"]}
    assert user["Username"] == account.account_id
    assert (attributes["email"], attributes["email_verified"]) == (account.email, "true")
    assert "name" not in attributes


async def test_a_rehearsal_makes_as_many_calls_as_opening_and_no_user(wing: Wing):
    calls: list[str] = []
    wing.cognito.meta.events.register(
        "before-call.cognito-identity-provider", lambda model, **_: calls.append(model.name)
    )
    await wing.open()
    opening = len(calls)
    calls.clear()
    await wing.credentials.rehearse(PASSWORD)
    assert len(calls) == opening == 2
    listed = wing.cognito.list_users(UserPoolId=wing.pool.pool_id)["Users"]
    assert len(listed) == 1


async def test_an_address_that_is_taken_leaves_no_user(wing: Wing):
    account = await wing.open()
    again, facts = rules.open_account(
        new_id(), account.email, "Cy", Role.STAFF, SYSTEM, wing.clock.now()
    )
    with pytest.raises(EmailTaken):
        await wing.credentials.open(again, PASSWORD, facts)
    with pytest.raises(ClientError):
        wing.user(again)


async def test_a_user_that_cannot_be_removed_again_is_told_to_the_log(
    wing: Wing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    account = await wing.open()

    def away(_: str) -> None:
        raise Unavailable()

    monkeypatch.setattr(wing.pool, "delete", away)
    again, facts = rules.open_account(
        new_id(), account.email, "Cy", Role.STAFF, SYSTEM, wing.clock.now()
    )
    with caplog.at_level(logging.WARNING), pytest.raises(EmailTaken):
        await wing.credentials.open(again, PASSWORD, facts)
    assert "without an account" in caplog.text
    assert account.email not in caplog.text


async def test_a_new_password_makes_a_user_that_was_lost_anew(wing: Wing):
    account = await wing.open()
    wing.pool.delete(account.account_id)
    assert not (await wing.credentials.check_password(account.account_id, PASSWORD)).right

    def decide(found: Account, _: int):
        return rules.replace_password(found, SYSTEM, wing.clock.now())

    await wing.credentials.set_password(account.account_id, PASSWORD, decide)
    assert (await wing.credentials.check_password(account.account_id, PASSWORD)).right


async def test_an_app_is_removed_before_another_one(wing: Wing):
    account = await wing.open()
    wing.pool.want_code(account.account_id, True)
    with pytest.raises(Conflict):
        await wing.credentials.begin_totp(account.account_id, PASSWORD)


async def test_groups_address_and_switch_follow_the_account(wing: Wing):
    account = await wing.open()
    await wing.mirror(account)
    assert wing.pool.groups(account.account_id) == {"staff"}
    await wing.edit(account, role=Role.ADMIN)
    for _ in range(2):
        await wing.mirror(account)
    assert wing.pool.groups(account.account_id) == {"admin"}
    await wing.edit(account, active=False)
    await wing.mirror(account)
    assert wing.user(account)["Enabled"] is False
    assert not (await wing.credentials.check_password(account.account_id, PASSWORD)).right
    await wing.edit(account, active=True)
    await wing.mirror(account)
    assert (await wing.credentials.check_password(account.account_id, PASSWORD)).right


async def test_two_mirrors_at_once_leave_what_the_account_is(wing: Wing):
    account = await wing.open()
    await wing.edit(account, role=Role.TEACHER)
    await asyncio.gather(*(wing.mirror(account) for _ in range(3)))
    assert wing.pool.groups(account.account_id) == {"teacher"}


async def test_a_change_while_a_mirror_writes_is_written_too(
    wing: Wing, monkeypatch: pytest.MonkeyPatch
):
    account = await wing.open()
    enable, waiting = wing.pool.enable, [Role.ADMIN]

    def promote(found: Account, others: int):
        return rules.edit(found, AccountEdit(role=Role.ADMIN), others, SYSTEM, wing.clock.now())

    def enable_and_change(user: str, enabled: bool) -> None:
        enable(user, enabled)
        if waiting:
            waiting.clear()
            wing.accounts.update_with(user, promote, lambda: ())

    monkeypatch.setattr(wing.pool, "enable", enable_and_change)
    await wing.mirror(account)
    assert wing.pool.groups(account.account_id) == {"admin"}


async def test_a_mirror_without_a_user_or_an_account_does_nothing(wing: Wing):
    account = await wing.open()
    wing.pool.delete(account.account_id)
    await wing.mirror(account)
    for subject in (new_id(), "staff-pin"):
        await PoolMirror(wing.pool, wing.accounts).mirror(
            Change("account.changed", subject, {}, "Quadrangle", "")
        )
