"""Accounts on DynamoDB, where they differ from their twins: races lost for good, time and TTL."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from quadrangle.accounts import rules
from quadrangle.accounts.model import Method, Place, Session, Tally
from quadrangle.accounts.sign_in.lockout_rules import TryOutcome
from quadrangle.accounts.tokens.session_rules import LONGEST_SESSION, REFRESH_LIFE, begin
from quadrangle.aws.accounts.attempts import DynamoAttemptStore
from quadrangle.aws.accounts.sessions import DynamoSessionStore, DynamoUsedTokens
from quadrangle.aws.accounts.store import DynamoAccountStore
from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base import optimistic
from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Role
from tests.standin.server import StandIn
from tests.standin.tables import make_tables, template


class CountingClient:
    """A client that knows how often each operation was called."""

    def __init__(self, client: Any) -> None:
        self.calls: list[str] = []
        self._client = client

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self._client, name)


@pytest.fixture
def client(standin: StandIn) -> CountingClient:
    return CountingClient(standin.client("dynamodb"))


@pytest.fixture
def tables(client: CountingClient) -> Tables:
    return Tables(make_tables(client, "Accounts", "Changes"))


def test_a_race_that_is_lost_again_and_again_ends():
    pauses: list[float] = []
    tries: list[None] = []

    def attempt() -> None:
        tries.append(None)
        raise ConditionFailed(0)

    with pytest.raises(Unavailable):
        retry_until_written(attempt, pauses.append)
    assert len(tries) == len(pauses) == optimistic.ATTEMPTS
    assert max(pauses) <= optimistic.LONGEST_PAUSE_S


def test_a_race_that_is_won_in_the_end_gives_the_result():
    tries = iter([ConditionFailed(0), ConditionFailed(3), None])

    def attempt() -> str:
        error = next(tries)
        if error is not None:
            raise error
        return "done"

    assert retry_until_written(attempt, lambda _: None) == "done"


async def test_looking_for_an_address_nobody_has_takes_as_many_calls(client, tables, clock):
    store = DynamoAccountStore(Dynamo(client), tables)
    account, facts = rules.open_account(
        new_id(), "bo@campus.example", "Bo", Role.STAFF, SYSTEM, clock.now()
    )
    await store.add(account, facts)
    calls = []
    for email, found in (("bo@campus.example", True), ("cy@campus.example", False)):
        client.calls.clear()
        assert (await store.by_email(email) is not None) is found
        calls.append(list(client.calls))
    assert calls[0] == calls[1]


async def test_what_may_be_forgotten_says_so_to_dynamodb(client, tables, clock: ManualClock):
    properties = template("accounts")["Resources"]["AccountsTable"]["Properties"]
    assert properties["TimeToLiveSpecification"] == {"AttributeName": EXPIRES, "Enabled": True}
    now, until = clock.now(), clock.now() + timedelta(minutes=5, milliseconds=1)
    dynamo = Dynamo(client)
    tally = Tally(1, since=now, forget_at=until)
    attempts = DynamoAttemptStore(dynamo, tables, clock)
    await attempts.update(["a"], lambda _: TryOutcome({"a": tally}), now)
    await DynamoUsedTokens(dynamo, tables).use("one", until, now)
    session = sign_in(clock)
    await DynamoSessionStore(dynamo, tables).add(session, now)
    ends = {
        ("tally#a", "all"): until,
        ("used#one", "all"): until,
        (f"session#{session.sid}", "all"): now + REFRESH_LIFE,
        (f"sessions#{session.holder}", session.sid): now + LONGEST_SESSION,
    }
    for (key, part), end in ends.items():
        item = dynamo.get(tables.of(ACCOUNTS), {"key": key, "part": part})
        assert item is not None
        assert 0 <= item[EXPIRES] - end.timestamp() < 1


def sign_in(clock: ManualClock) -> Session:
    account, _ = rules.open_account(
        new_id(), "bo@campus.example", "Bo", Role.STAFF, SYSTEM, clock.now()
    )
    place = Place("198.51.100.7")
    secret = b"0" * 32
    holder = account.account_id
    return begin(new_id(), account, holder, Method.PASSWORD, place, secret, clock.now()).session


async def test_a_refresh_writes_one_item(client, tables, clock):
    store = DynamoSessionStore(Dynamo(client), tables)
    session = sign_in(clock)
    await store.add(session, clock.now())
    client.calls.clear()
    await store.update(session.sid, lambda s: msgspec.structs.replace(s, generation=1), clock.now())
    assert client.calls == ["get_item", "transact_write_items"]


async def test_a_token_that_is_over_but_still_stored_does_not_stand_in_the_way(
    client, tables, clock
):
    store = DynamoUsedTokens(Dynamo(client), tables)
    assert await store.use("one", clock.now() + timedelta(minutes=1), clock.now())
    clock.advance(timedelta(minutes=1))
    assert await store.use("one", clock.now() + timedelta(minutes=1), clock.now())


async def test_a_tally_whose_time_is_over_begins_anew_while_it_is_still_stored(
    client, tables, clock: ManualClock
):
    store = DynamoAttemptStore(Dynamo(client), tables, clock)

    def count(found):
        failures = found["a"].failures + 1 if "a" in found else 1
        now = clock.now()
        return TryOutcome({"a": Tally(failures, since=now, forget_at=now + timedelta(minutes=1))})

    for _ in range(2):
        await store.update(["a"], count, clock.now())
    clock.advance(timedelta(minutes=1))
    assert await store.load(["a"]) == {}
    await store.update(["a"], count, clock.now())
    assert (await store.load(["a"]))["a"].failures == 1


async def test_a_tally_removed_and_made_anew_meanwhile_is_noticed(client, tables, clock):
    store = DynamoAttemptStore(Dynamo(client), tables, clock)
    now = clock.now()
    tally = Tally(1, since=now, forget_at=now + timedelta(minutes=1))
    await store.update(["a"], lambda _: TryOutcome({"a": tally}), now)
    seen: list[int] = []

    def decide(found):
        seen.append(found["a"].failures)
        if len(seen) == 1:  # while this decides, another removes it and makes it anew
            locked = Tally(5, since=now, forget_at=now + timedelta(minutes=1))
            for other in (TryOutcome({"a": None}), TryOutcome({"a": locked})):
                store._update(["a"], lambda _, other=other: other, now)
        return TryOutcome({"a": None})

    await store.update(["a"], decide, now)
    assert seen == [1, 5]
