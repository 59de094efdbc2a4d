"""What every store of outside identities does."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from quadrangle.accounts.outside.model import Identity
from quadrangle.accounts.tokens.identity_ports import IdentityStore, IdentityTaken
from quadrangle.aws.accounts.identities import DynamoIdentityStore
from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.kernel.change import Change
from quadrangle.kernel.ids import new_id
from quadrangle.sql.accounts.identities import SqlIdentityStore
from quadrangle.sql.base.database import Database
from tests.databases import Migrated
from tests.standin.tables import make_tables

AT = "2026-11-21T09:30:00.000Z"
CAMPUS, OTHER = "https://sso.campus.example", "https://sso.other.example"
CHANGE = Change("account.identity-linked", "account-1", {"issuer": "campus"}, "Someone", AT)


@pytest.fixture(params=["sqlite", "postgresql", "dynamodb"])
async def store(request: pytest.FixtureRequest, migrated: Migrated) -> AsyncIterator[IdentityStore]:
    if request.param == "dynamodb":
        client = request.getfixturevalue("standin").client("dynamodb")
        yield DynamoIdentityStore(
            Dynamo(client), Tables(make_tables(client, "Accounts", "Changes"))
        )
        return
    database = Database(migrated(request.param))
    yield SqlIdentityStore(database)
    await database.close()


async def test_a_link_is_found_by_issuer_and_subject(store):
    account_id = new_id()
    linked = Identity(CAMPUS, "ada", account_id, AT)
    await store.link(linked, [CHANGE])
    assert await store.find(CAMPUS, "ada") == account_id
    assert await store.find(OTHER, "ada") is None
    assert await store.find(CAMPUS, "Ada") is None
    assert await store.of_account(account_id) == [linked]


async def test_a_subject_is_linked_once(store):
    first, second = new_id(), new_id()
    await store.link(Identity(CAMPUS, "ada", first, AT), [])
    for account_id in (first, second):
        with pytest.raises(IdentityTaken):
            await store.link(Identity(CAMPUS, "ada", account_id, AT), [CHANGE])
    assert await store.find(CAMPUS, "ada") == first
    assert await store.of_account(second) == []


async def test_an_account_has_one_subject_of_an_issuer(store):
    account_id = new_id()
    await store.link(Identity(CAMPUS, "ada", account_id, AT), [])
    with pytest.raises(IdentityTaken):
        await store.link(Identity(CAMPUS, "eve", account_id, AT), [CHANGE])
    await store.link(Identity(OTHER, "ada", account_id, AT), [])
    assert await store.find(CAMPUS, "eve") is None
    assert [i.issuer for i in await store.of_account(account_id)] == [CAMPUS, OTHER]


async def test_of_several_at_once_one_links(store):
    account_ids = [new_id() for _ in range(4)]
    tries = [store.link(Identity(CAMPUS, "ada", each, AT), [CHANGE]) for each in account_ids]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(str(type(r).__name__) for r in results) == ["IdentityTaken"] * 3 + ["NoneType"]


async def test_removing_frees_the_subject_and_may_be_repeated(store):
    account_id, other = new_id(), new_id()
    await store.link(Identity(CAMPUS, "ada", account_id, AT), [])
    await store.link(Identity(OTHER, "ada", account_id, AT), [])
    await store.link(Identity(CAMPUS, "bo", other, AT), [])
    for _ in range(2):
        await store.remove_all(account_id)
        assert await store.of_account(account_id) == []
        assert await store.find(CAMPUS, "ada") is None
    assert await store.find(CAMPUS, "bo") == other
    await store.link(Identity(CAMPUS, "ada", other.replace(other[:4], "0000", 1), AT), [])


async def test_long_and_strange_names_are_names(store):
    account_id = new_id()
    subject = "é|#" + "x" * 4_000
    await store.link(Identity(CAMPUS, subject, account_id, AT), [])
    assert await store.find(CAMPUS, subject) == account_id
    assert await store.find(f"{CAMPUS}é", subject[1:]) is None
