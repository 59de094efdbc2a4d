"""A studio on the stand-in, and a film."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quadrangle.machine.videos.jail import lacking
from tests.aws.videos.studio import Studio, clients_of
from tests.http.videos.film import make_clip
from tests.standin.server import StandIn


@pytest.fixture
async def studio(
    standin: StandIn, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Studio]:
    with clients_of(standin, monkeypatch):
        made = Studio(standin, postgres_url, tmp_path)
        await made.tending.prepare()
        yield made
        await made.cloud.database.close()


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    missing = lacking()
    if missing:
        pytest.skip(missing)
    return make_clip(tmp_path_factory.mktemp("film")).read_bytes()
