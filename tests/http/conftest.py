"""One running server for all tests of a process, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.databases import PostgresServer
from tests.running import STAFF_PIN, RunningServer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    running = RunningServer(tmp_path_factory.mktemp("server")).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def staff(server: RunningServer) -> str:
    """An access token made with the staff PIN."""
    answer = server.call("POST", "/api/accounts/pin", {"pin": STAFF_PIN})
    assert answer.status == 200, answer.body
    return answer.json["accessToken"]


@pytest.fixture(scope="session")
def admin(server: RunningServer) -> str:
    return server.sign_in()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def each_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """The server on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("server")
        return
    folder = tmp_path_factory.mktemp("server-postgresql")
    postgres: PostgresServer = request.getfixturevalue("postgres")
    with postgres.database() as url:
        running = RunningServer(folder, QUADRANGLE_DATABASE_URL=url).start()
        yield running
        running.stop()
