"""Jobs in a database, and the database as another process has it."""

from collections.abc import AsyncIterator

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from quadrangle.sql.jobs.jobs import SqlJobs


@pytest.fixture
async def other(database: Database, database_url: str) -> AsyncIterator[Database]:
    """The same database, opened a second time as another process would."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def jobs(database: Database, clock: ManualClock) -> SqlJobs:
    return SqlJobs(database, clock)
