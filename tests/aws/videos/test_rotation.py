"""RDS replaces the password of its database every week, while functions and workers go on."""

import json
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from quadrangle.hosts.shared.cloud_videos import CloudVideos
from tests.aws.videos.studio import Studio, clients_of
from tests.locked_postgres import LockedPostgres, locked
from tests.standin.server import StandIn

GALLERY = "/api/gallery/videos"


@pytest.fixture
def door(postgres_url: str) -> Iterator[LockedPostgres]:
    with locked(postgres_url) as made:
        yield made


@pytest.fixture
def login(standin: StandIn, door: LockedPostgres) -> str:
    """Return the secret that RDS keeps, with what opens the database now."""
    kept = standin.client("secretsmanager").create_secret(
        Name=f"t{secrets.token_hex(5)}-rds", SecretString=text_of(door)
    )
    return kept["ARN"]


@pytest.fixture
async def studio(
    standin: StandIn,
    door: LockedPostgres,
    login: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Studio]:
    with clients_of(standin, monkeypatch):
        made = Studio(standin, door.url, tmp_path, login)
        await made.tending.prepare()
        yield made
        await made.cloud.database.close()


def text_of(door: LockedPostgres) -> str:
    return json.dumps({"username": door.user, "password": door.password})


def rotate(standin: StandIn, door: LockedPostgres, login: str) -> None:
    """Do as RDS does: first the database, then the secret."""
    door.replace_password()
    keep = standin.client("secretsmanager").put_secret_value
    keep(SecretId=login, SecretString=text_of(door))


def test_the_database_asks_for_its_password(door: LockedPostgres):
    with psycopg.connect(door.url, user=door.user, password=door.password):
        pass
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(door.url, user=door.user, password="another")


async def asked(studio: Studio) -> list[int]:
    """Return how a running function answers one who reads and one who writes."""
    async with studio.person() as ada:
        read = await ada.get(GALLERY)
        written = await ada.post("/api/courses", json={"title": "Mechanics"})
        return [read.status_code, written.status_code]


async def test_a_running_function_goes_on(studio: Studio, standin: StandIn, door, login: str):
    before = await asked(studio)
    assert before == [200, 201]
    rotate(standin, door, login)
    assert await asked(studio) == before  # by the connections it has


@pytest.mark.parametrize("times", [1, 2])
async def test_one_that_must_open_the_database_anew_has_the_new_password(
    studio: Studio, standin: StandIn, door, login: str, times: int
):
    """Nobody notices: the connections that are gone are made again before anything is asked."""
    before = await asked(studio)
    for _ in range(times):
        rotate(standin, door, login)
        assert door.restart() >= 2
        assert await asked(studio) == before


async def test_a_container_that_starts_later_opens_it_too(
    studio: Studio, standin: StandIn, door, login: str
):
    rotate(standin, door, login)
    cloud, _ = studio.function()
    assert await turns_of(cloud) == 0
    await cloud.database.close()


async def test_a_worker_goes_on(studio: Studio, standin: StandIn, door, login: str):
    machine = studio.worker()
    assert await turns_of(machine) == 0
    rotate(standin, door, login)
    door.restart()
    assert await turns_of(machine) == 0
    await machine.database.close()


async def turns_of(cloud: CloudVideos) -> int:
    return await cloud.call_workers()
