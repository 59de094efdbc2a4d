"""Wings that hold what an earlier release wrote, and nothing else."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from quadrangle.aws.base.items import camel
from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from tests.old_records.wings import FROZEN, DynamoWing, Item, SqlWing, Wing
from tests.standin.server import StandIn

RELEASES = sorted(path.name for path in FROZEN.iterdir())


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["sqlite", "postgresql", "dynamodb"])
async def wing(
    request: pytest.FixtureRequest, release: str, clock: ManualClock, tmp_path: Path
) -> AsyncIterator[Wing]:
    if request.param == "dynamodb":
        aws = DynamoWing(request.getfixturevalue("standin"), clock)
        aws.restore(release)
        yield aws
        return
    url = f"sqlite:///{tmp_path / 'quadrangle.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    machine = SqlWing(Database(url), clock)
    await machine.restore(release)
    yield machine
    await machine.database.close()


Without = Callable[[type[msgspec.Struct], Callable[[Item], bool]], DynamoWing]


@pytest.fixture
def without(standin: StandIn, release: str, clock: ManualClock) -> Without:
    """Return what restores the release with items, of those that are `of_kind`, that lack all
    attributes whose fields have defaults: as if these fields had come later."""

    def restore(kind: type[msgspec.Struct], of_kind: Callable[[Item], bool]) -> DynamoWing:
        later = {camel(name) for name in defaults(kind)} - {"seq"}  # a key cannot come later

        def edit(_: str, item: Item) -> Item:
            return {k: v for k, v in item.items() if k not in later} if of_kind(item) else item

        aws = DynamoWing(standin, clock)
        aws.restore(release, edit)
        return aws

    return restore


def defaults(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {f.name: f.default for f in msgspec.structs.fields(kind) if not f.required}


def at_defaults(sample: Any) -> Any:
    """Return a sample as it is read where all fields with defaults are missing."""
    return msgspec.structs.replace(sample, **defaults(type(sample)))
