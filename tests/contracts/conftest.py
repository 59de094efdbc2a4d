"""Account services on each kind of store: the parts of one process, and of another beside it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from quadrangle.accounts.secrets.ports import Secrets
from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from tests.account_desk import Desk, DynamoDesk, SqlDesk
from tests.databases import Migrated
from tests.standin.tables import make_tables

Desks = tuple[Desk, Desk]


@pytest.fixture(params=["sqlite", "postgresql", "dynamodb"])
async def desks(
    request: pytest.FixtureRequest, clock: ManualClock, migrated: Migrated
) -> AsyncIterator[Desks]:
    """Two processes on the same empty tables."""
    if request.param == "dynamodb":
        standin = request.getfixturevalue("standin")
        prefix = make_tables(standin.client("dynamodb"), "Accounts", "Changes")
        secrets: dict[str, Secrets] = {}
        first, second = (DynamoDesk(standin, prefix, clock, secrets) for _ in range(2))
        yield first, second
        return
    url = migrated(request.param)
    async with AsyncExitStack() as stack:
        first, second = Database(url), Database(url)
        stack.push_async_callback(first.close)
        stack.push_async_callback(second.close)
        yield SqlDesk(first, clock), SqlDesk(second, clock)


@pytest.fixture
def desk(desks: Desks) -> Desk:
    return desks[0]


@pytest.fixture
def other(desks: Desks) -> Desk:
    """Another process on the same data."""
    return desks[1]
