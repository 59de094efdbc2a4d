"""Booking on each kind of store."""

from collections.abc import AsyncIterator

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from tests.contracts.meetings.booth import Booth


@pytest.fixture
async def booths(database_url: str, clock: ManualClock) -> AsyncIterator[tuple[Booth, Booth]]:
    """Two processes on the same empty tables."""
    first, second = Database(database_url), Database(database_url)
    await migrate(first)
    yield Booth(first, clock), Booth(second, clock)
    await first.close()
    await second.close()


@pytest.fixture
def booth(booths) -> Booth:
    return booths[0]
