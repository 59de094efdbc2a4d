"""Fixtures many suites share: databases, a clock, and the names of what the machine offers."""

import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from tests.databases import Migrated, PostgresServer, migrate_now
from tests.properties import register_profiles
from tests.standin.server import MISSING, PYTHON, StandIn

_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
# A server the tests may make databases on, e.g. postgresql://postgres@127.0.0.1:5433/postgres.
# `make test` starts one; without it the PostgreSQL half is skipped and says so.
POSTGRES = os.environ.get("QUADRANGLE_TEST_POSTGRES", "")
NO_POSTGRES = "no PostgreSQL server: set QUADRANGLE_TEST_POSTGRES, as `make test` does"
HTTP, JOURNEYS = (Path(__file__).parent / kind for kind in ("http", "journeys"))

register_profiles()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave two kinds to `make test-deep`, save what is marked `smoke`: journeys, and HTTP on
    PostgreSQL, whose stores the contracts look at. Tests of HTTP that share a server stay in one
    process: what they find there is then the same in each run."""
    for item in items:
        if item.path.is_relative_to(HTTP) and "server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("http"))
        if _is_of_a_deep_kind(item) and item.get_closest_marker("smoke") is None:
            item.add_marker("deep")


def _is_of_a_deep_kind(item: pytest.Item) -> bool:
    if item.path.is_relative_to(HTTP) and isinstance(item, pytest.Function):
        chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
        return "postgresql" in chosen or "postgres" in item.fixturenames
    return item.path.is_relative_to(JOURNEYS)


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    """Name a made-up id alike in every process, as the names of tests must be."""
    if not isinstance(val, str):
        return None
    named = _ID.sub("some-id", val)
    return named if named != val else None


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 21, 9, 30, tzinfo=UTC))


@pytest.fixture(scope="session")
def postgres() -> PostgresServer:
    if not POSTGRES:
        pytest.skip(NO_POSTGRES)
    return PostgresServer(POSTGRES)


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database of its own, dropped afterwards."""
    with postgres.database() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> Iterator[str]:
    with postgres.database() as url:
        migrate_now(url)
        yield url


@pytest.fixture
def migrated_postgresql(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database of its own, dropped afterwards."""
    with postgres.database(postgres_template) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "quadrangle.db"
    migrate_now(f"sqlite:///{file}")
    return file


@pytest.fixture
def migrated_sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path)}"


@pytest.fixture
def migrated(request: pytest.FixtureRequest) -> Migrated:
    """Return what gives the URL of a migrated database of a kind, `sqlite` or `postgresql`."""
    return lambda kind: request.getfixturevalue(f"migrated_{kind}")


@pytest.fixture(scope="session")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in for AWS that allows everything; tests keep apart by the names they make."""
    if not PYTHON.exists():
        pytest.skip(MISSING)
    running = StandIn(tmp_path_factory.mktemp("standin")).start()
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'quadrangle.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, migrated: Migrated) -> str:
    """The URL of a migrated database without rows, once for each kind."""
    return migrated(request.param)


@pytest.fixture
async def sqlite_database(migrated_sqlite: str) -> AsyncIterator[Database]:
    """A migrated, empty database where the kind does not matter: contracts look at each kind."""
    opened = Database(migrated_sqlite)
    yield opened
    await opened.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database, once for each kind."""
    opened = Database(database_url)
    yield opened
    await opened.close()
