"""What every store of the catalog keeps."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import msgspec
import pytest

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.changes import changes_of
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.issues.catalog import DynamoCatalogStore
from quadrangle.issues.catalog import CATALOG_CHANGED, CatalogEditor, Catalogs
from quadrangle.issues.catalog_rules import MAX_CATALOG_BYTES, MAX_LOCATIONS
from quadrangle.issues.model import DEFAULT_CATALOG, Catalog, IssueType
from quadrangle.issues.ports import CatalogStore
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.principal import Principal, Role
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.issues.catalog import SqlCatalogStore
from tests.account_desk import InThreads
from tests.databases import Migrated
from tests.standin.server import StandIn
from tests.standin.tables import make_tables

SUBJECT = "issue-catalog"
LONG = "\U0001f3eb" * 100  # four bytes each


class Desk:
    """The stores of two processes, and the changes both wrote."""

    def __init__(
        self,
        stores: list[CatalogStore],
        changes: Callable[[], Awaitable[list[Change]]],
        clock: ManualClock,
    ) -> None:
        self.store, self.other = self.stores = stores
        self.changes = changes
        self.at = to_text(clock.now())

    async def save(self, catalog: Catalog, store: CatalogStore | None = None) -> Catalog:
        data = {"new": catalog.campus_name}
        change = Change(CATALOG_CHANGED, SUBJECT, data, "Ada", self.at)
        return await (store or self.store).save(catalog, change)


def dynamo_desk(standin: StandIn, clock: ManualClock) -> Desk:
    client = standin.client("dynamodb")
    dynamo, tables = Dynamo(client), Tables(make_tables(client, "Settings", "Changes"))

    async def changes() -> list[Change]:
        return changes_of(dynamo, tables.of(CHANGES), SUBJECT)

    return Desk([InThreads(DynamoCatalogStore(dynamo, tables)) for _ in range(2)], changes, clock)


def sql_desk(databases: list[Database], clock: ManualClock) -> Desk:
    async def changes() -> list[Change]:
        return await databases[0].read(lambda c: feed.of_subject(c, SUBJECT))

    return Desk([SqlCatalogStore(database) for database in databases], changes, clock)


@pytest.fixture(params=["sqlite", "postgresql", "dynamodb"])
async def desk(
    request: pytest.FixtureRequest, clock: ManualClock, migrated: Migrated
) -> AsyncIterator[Desk]:
    if request.param == "dynamodb":
        yield dynamo_desk(request.getfixturevalue("standin"), clock)
        return
    url = migrated(request.param)
    async with AsyncExitStack() as stack:
        databases = [Database(url), Database(url)]
        for database in databases:
            stack.push_async_callback(database.close)
        yield sql_desk(databases, clock)


def named(catalog: Catalog, name: str) -> Catalog:
    return msgspec.structs.replace(catalog, campus_name=name)


async def test_until_one_is_saved_there_is_the_default(desk: Desk):
    assert await desk.store.load() == DEFAULT_CATALOG
    assert (await desk.store.load()).version == 0


async def test_a_saved_catalog_is_loaded_as_it_was_by_every_process(desk: Desk):
    types = (IssueType("Café ☕ <b>&amp;", 1), IssueType("No target", None))
    wanted = msgspec.structs.replace(DEFAULT_CATALOG, issue_types=types, locations=("Attic",))
    saved = await desk.save(wanted)
    assert saved == msgspec.structs.replace(wanted, version=1)
    assert [await store.load() for store in desk.stores] == [saved, saved]


async def test_the_largest_catalogs_there_may_be_follow_each_other(desk: Desk, clock: ManualClock):
    """Their change record, with the old and the new one, has to fit too."""
    admin = Principal("Ada", Role.ADMIN, "account-1")
    editor = CatalogEditor(desk.store, Catalogs(desk.store, clock), clock)
    largest = [msgspec.structs.replace(DEFAULT_CATALOG, locations=_places(n)) for n in (1, 2)]
    for version, catalog in enumerate(largest):
        catalog = msgspec.structs.replace(catalog, version=version)
        longer = msgspec.structs.replace(catalog, locations=(*catalog.locations, LONG))
        with pytest.raises(InvalidInput, match="shorten"):
            await editor.save(longer, admin)
        await editor.save(catalog, admin)
    changes = await desk.changes()
    assert len(changes) == 2
    assert changes[1].data["old"]["locations"] == list(largest[0].locations)
    assert (await desk.store.load()).locations == largest[1].locations


def _places(number: int) -> tuple[str, ...]:
    """As many long names as a catalog takes."""
    names = [f"{number}-{n:04}{LONG[6:]}" for n in range(MAX_LOCATIONS)]
    without = msgspec.structs.replace(DEFAULT_CATALOG, locations=())
    left = MAX_CATALOG_BYTES - len(msgspec.json.encode(without))
    return tuple(names[: left // len(f'"{names[0]}",'.encode())])


async def test_versions_and_changes_follow_each_other(desk: Desk):
    catalog = DEFAULT_CATALOG
    for n in range(1, 4):
        catalog = await desk.save(named(catalog, f"Campus {n}"))
        assert catalog.version == n
    changes = await desk.changes()
    assert [change.data["new"] for change in changes] == ["Campus 1", "Campus 2", "Campus 3"]
    assert {change.kind for change in changes} == {CATALOG_CHANGED}


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_saving_over_another_version_is_a_conflict_and_changes_nothing(desk: Desk, version):
    first = await desk.save(DEFAULT_CATALOG)
    second = await desk.save(named(first, "Second"))
    late = msgspec.structs.replace(second, campus_name="Late", version=version)
    with pytest.raises(Conflict):
        await desk.save(late, desk.other)
    assert await desk.store.load() == second
    assert len(await desk.changes()) == 2


@pytest.mark.parametrize("saved_before", [0, 1])
async def test_of_those_who_save_at_once_one_succeeds(desk: Desk, saved_before):
    present = DEFAULT_CATALOG
    for _ in range(saved_before):
        present = await desk.save(present)
    saves = [desk.save(named(present, f"{n}"), desk.stores[n % 2]) for n in range(6)]
    results = await asyncio.gather(*saves, return_exceptions=True)
    (kept,) = [result for result in results if isinstance(result, Catalog)]
    assert sum(isinstance(result, Conflict) for result in results) == 5
    assert await desk.other.load() == kept
    assert len(await desk.changes()) == saved_before + 1
