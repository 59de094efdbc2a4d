"""A meeting service on an empty database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from tests.faults.meetings.cloud import Cloud
from tests.faults.meetings.ground import SqlGround
from tests.faults.meetings.world import World


@pytest.fixture
async def world(tmp_path: Path, clock: ManualClock) -> AsyncIterator[World]:
    path = tmp_path / "quadrangle.db"
    database = Database(f"sqlite:///{path}")
    await migrate(database)
    await database.close()
    ground = SqlGround(path, clock)
    yield World(ground, Cloud(clock), clock)
    await ground.close()
