"""Fixtures many suites share: databases, a clock, and the names of what the machine offers."""

import os
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from hypothesis import settings

from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from tests.standin.server import MISSING, PYTHON, StandIn

_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
# A server the tests may make databases on, e.g. postgresql://postgres@127.0.0.1:5433/postgres.
# `make test` starts one; without it the PostgreSQL half is skipped and says so.
POSTGRES = os.environ.get("QUADRANGLE_TEST_POSTGRES", "")
NO_POSTGRES = "no PostgreSQL server: set QUADRANGLE_TEST_POSTGRES, as `make test` does"

# `pytest --hypothesis-profile deep`: property tests with many examples.
settings.register_profile("deep", max_examples=1_000, deadline=None)


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    """Name a made-up id alike in every process, as the names of tests must be."""
    if not isinstance(val, str):
        return None
    named = _ID.sub("some-id", val)
    return named if named != val else None


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 21, 9, 30, tzinfo=UTC))


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database of its own, dropped afterwards."""
    if not POSTGRES:
        pytest.skip(NO_POSTGRES)
    name = f"quadrangle_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield POSTGRES.rsplit("/", 1)[0] + "/" + name
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in for AWS that allows everything; tests keep apart by the names they make."""
    if not PYTHON.exists():
        pytest.skip(MISSING)
    running = StandIn(tmp_path_factory.mktemp("standin")).start()
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """The URL of an empty database, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'quadrangle.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database, once for each kind."""
    opened = Database(database_url)
    await migrate(opened)
    yield opened
    await opened.close()
