"""Accounts and all that is kept of one."""

import pytest

from quadrangle.accounts.api_keys.rules import ApiKey
from quadrangle.accounts.model import Account, Session
from quadrangle.accounts.own.passkey_model import Passkey
from quadrangle.accounts.ports import PeopleQuery
from quadrangle.aws.accounts.store import Held
from tests.old_records.accounts.samples import (
    ACCOUNT,
    API_KEY,
    CODE,
    DAY,
    HELD,
    IDENTITY,
    PASSKEY,
    PIN,
    SECRETS,
    SESSION,
    TALLY,
    TALLY_KEY,
    TOKEN_ID,
    Stores,
)
from tests.old_records.base.samples import ADMIN_ID, NOW
from tests.old_records.conftest import Without, at_defaults
from tests.old_records.wings import Item, SqlWing, Wing


@pytest.fixture
def stores(wing: Wing) -> Stores:
    return Stores(wing)


async def test_an_account_is_found_by_all_its_ways(stores: Stores):
    assert await stores.accounts.get(ADMIN_ID) == ACCOUNT
    assert await stores.accounts.by_email(ACCOUNT.email) == ACCOUNT
    assert await stores.accounts.staff() == [ACCOUNT]
    assert (await stores.accounts.people(PeopleQuery("ada"))).items == [ACCOUNT]


async def test_what_it_signs_in_with(wing: Wing, stores: Stores):
    if isinstance(wing, SqlWing):
        assert await stores.accounts.secrets(ADMIN_ID) == SECRETS
    else:
        assert await stores.accounts.held(ADMIN_ID) == HELD
    assert await stores.passkeys.of_account(ADMIN_ID) == [PASSKEY]
    assert await stores.identities.of_account(ADMIN_ID) == [IDENTITY]
    assert await stores.identities.find(IDENTITY.issuer, IDENTITY.subject) == ADMIN_ID
    assert await stores.recovery_codes.use(ADMIN_ID, CODE)
    assert await stores.pins.load() == PIN


async def test_its_sign_ins_and_what_they_used_up(stores: Stores):
    assert await stores.sessions.get(SESSION.sid) == SESSION
    assert await stores.sessions.of_holder(ADMIN_ID) == [SESSION]
    assert await stores.attempts.load([TALLY_KEY]) == {TALLY_KEY: TALLY}
    assert not await stores.used_tokens.use(TOKEN_ID, NOW + DAY, NOW)


async def test_api_keys(stores: Stores):
    assert await stores.api_keys.get(API_KEY.api_key_id) == API_KEY
    assert await stores.api_keys.list() == [API_KEY]


# -- fields that came later -------------------------------------------------------------------


def kept_as(kind: str):
    """Return what tells items under such a key."""

    def is_one(item: Item) -> bool:
        return item.get("key", {}).get("S", "").startswith(kind)

    return is_one


async def test_an_account_without_them(without: Without):
    """Also the copies of it that lists are read from."""
    copies = [kept_as(kind) for kind in ("account#", "staff", "people")]
    stores = Stores(without(Account, lambda item: any(is_one(item) for is_one in copies)))
    expected = at_defaults(ACCOUNT)
    assert await stores.accounts.get(ADMIN_ID) == expected
    assert await stores.accounts.staff() == [expected]
    assert (await stores.accounts.people(PeopleQuery("ada"))).items == [expected]


async def test_what_is_held_without_them(without: Without):
    stores = Stores(without(Held, kept_as("account#")))
    assert await stores.accounts.held(ADMIN_ID) == Held()


async def test_a_session_without_them(without: Without):
    stores = Stores(without(Session, kept_as("session#")))
    assert await stores.sessions.get(SESSION.sid) == at_defaults(SESSION)


async def test_a_passkey_without_them(without: Without):
    stores = Stores(without(Passkey, kept_as("passkey#")))
    assert await stores.passkeys.get(PASSKEY.passkey_id) == at_defaults(PASSKEY)


async def test_an_api_key_without_them(without: Without):
    stores = Stores(without(ApiKey, kept_as("api-keys")))
    assert await stores.api_keys.get(API_KEY.api_key_id) == at_defaults(API_KEY)
