"""Meetings on each kind of store: the stores of one process, and of another beside it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from tests.contracts.meetings.booth import Booth
from tests.databases import Migrated
from tests.meeting_stores import TABLES, DynamoMeetings, MeetingStores, SqlMeetings
from tests.standin.tables import make_tables

Both = tuple[MeetingStores, MeetingStores]


@pytest.fixture(params=["sqlite", "postgresql", "dynamodb"])
async def both(
    request: pytest.FixtureRequest, clock: ManualClock, migrated: Migrated
) -> AsyncIterator[Both]:
    """Two processes on the same empty tables."""
    on_aws = request.param == "dynamodb"
    url = migrated("sqlite" if on_aws else request.param)
    async with AsyncExitStack() as stack:
        first, second = Database(url), Database(url)
        stack.push_async_callback(first.close)
        stack.push_async_callback(second.close)
        if not on_aws:
            yield SqlMeetings(first), SqlMeetings(second)
            return
        standin = request.getfixturevalue("standin")
        prefix = make_tables(standin.client("dynamodb"), *TABLES)
        yield (
            DynamoMeetings(standin, prefix, clock, first),
            DynamoMeetings(standin, prefix, clock, second),
        )


@pytest.fixture
def stores(both: Both) -> MeetingStores:
    return both[0]


@pytest.fixture
def booths(both: Both, clock: ManualClock) -> tuple[Booth, Booth]:
    return Booth(both[0], clock), Booth(both[1], clock)


@pytest.fixture
def booth(booths) -> Booth:
    return booths[0]
