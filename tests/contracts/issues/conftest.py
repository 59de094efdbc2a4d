"""What tests of the stores of issues share."""

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from tests.contracts.issues.desks import DynamoDesk, SqlDesk
from tests.databases import Migrated


@pytest.fixture(params=["sqlite", "postgresql", "dynamodb"])
async def desk(request: pytest.FixtureRequest, clock: ManualClock, migrated: Migrated):
    if request.param == "dynamodb":
        yield DynamoDesk(request.getfixturevalue("standin"), clock)
        return
    database = Database(migrated(request.param))
    yield SqlDesk(database, clock)
    await database.close()
