"""An outbox on each store."""

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.mail.ports import Outbox
from quadrangle.sql.base.database import Database
from tests.contracts.mail.posts import DynamoPost, Post, SqlPost
from tests.databases import Migrated


@pytest.fixture(params=["sqlite", "postgresql", "dynamodb"])
async def post(request: pytest.FixtureRequest, clock: ManualClock, migrated: Migrated):
    if request.param == "dynamodb":
        yield DynamoPost(request.getfixturevalue("standin"), clock)
        return
    database = Database(migrated(request.param))
    yield SqlPost(database, clock)
    await database.close()


@pytest.fixture
def outbox(post: Post) -> Outbox:
    return post.outbox
