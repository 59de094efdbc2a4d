"""Rows from before accounts had states and mails could be private: what came later has its
default. On SQL that is the migration's, so each column that is added is tried like these."""

import pytest

from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.ports import PeopleQuery
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.principal import Role
from quadrangle.mail.model import MailState
from quadrangle.sql.accounts.store import SqlAccountStore
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed.feed import SqlChangeFeed
from quadrangle.sql.mail.outbox import SqlOutbox
from tests.old_records.base.samples import ADMIN_ID, AT
from tests.old_records.wings import SqlWing

ROWS = {
    "accounts": [
        {
            "account_id": ADMIN_ID,
            "email": "ada@campus.example",
            "name": "Ada Admin",
            "role": "admin",
            "password_hash": "a hash",
            "active": True,
            "created_at": AT,
            "epoch": 2,
        }
    ],
    "mails": [
        {
            "mail_id": "712c915f-e415-4d2c-81f0-90d31fb24524",
            "key": "alert:1:ada",
            "recipient": "Ada@campus.example",
            "subject": "Hello",
            "text": "Text",
            "html": "<p>Text</p>",
            "state": "sent",
            "attempts": 1,
            "created_at": AT,
        }
    ],
    "mail_totals": [{"state": "sent", "n": 1}],
    "changes": [
        {"kind": "issue.reported", "subject": "1", "data": "{}", "actor": "Reporter", "at": AT}
    ],
}


@pytest.fixture
async def wing(empty_database_url: str, clock: ManualClock):
    wing = SqlWing(Database(empty_database_url), clock)
    await wing.put(1, ROWS)
    yield wing
    await wing.database.close()


async def test_an_account(wing: SqlWing):
    store = SqlAccountStore(wing.database)
    account = Account(ADMIN_ID, "ada@campus.example", "Ada Admin", Role.ADMIN, AT, epoch=2)
    assert await store.get(ADMIN_ID) == account
    assert (account.state, account.two_factor) == (AccountState.OPEN, False)
    assert (await store.people(PeopleQuery("ADA"))).items == [account]


async def test_a_mail(wing: SqlWing):
    box = SqlOutbox(wing.database, wing.clock)
    (entry,) = (await box.page(MailState.SENT, 9, None)).items
    assert entry.private is False
    await box.forget("ada@campus.example")
    (entry,) = (await box.page(None, 9, None)).items
    assert entry.erased


async def test_a_change(wing: SqlWing):
    (change,), _ = await SqlChangeFeed(wing.database).read_after(0, 9, None)
    assert (change.kind, change.actor_id, change.origin, change.seq) == (
        *("issue.reported", None, None),
        1,
    )
