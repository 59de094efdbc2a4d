"""The stores of videos on each kind of database."""

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from tests.contracts.videos.reel import Reel


@pytest.fixture
def reel(database: Database, clock: ManualClock) -> Reel:
    return Reel(database, clock)
