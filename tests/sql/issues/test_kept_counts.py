"""What counts are read from: kept up, counted anew, taken over by the migration, and checked."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from quadrangle.issues.model import Issue, Priority, Status
from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.integrity import check_database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.feed import feed
from quadrangle.sql.issues.integrity import CHECKS
from quadrangle.sql.issues.projection import IssueProjection, rebuild
from tests.contracts.issues.desks import SqlDesk
from tests.contracts.issues.test_counts import PEOPLE, PLACES, TYPES, require_right

SECOND = timedelta(seconds=1)
# What the step of the migration adds; taken away, it is a database of before.
BEFORE_THE_SUMS = (
    "DROP TABLE issue_unresolved",
    "DROP INDEX issue_facets_due",
    "ALTER TABLE issue_facets DROP COLUMN urgent",
    "ALTER TABLE issue_facets DROP COLUMN assignee_id",
    "ALTER TABLE issue_facets DROP COLUMN due_at",
    "DELETE FROM schema_steps WHERE number = 23",
)


class CountingDesk(SqlDesk):
    """Moves the cursor as it counts, as the worker does."""

    async def project(self) -> None:
        projection = IssueProjection(self.zone)

        def work(connection: Connection) -> None:
            after = feed.cursor_of(connection, projection.name)
            changes = feed.read_after(connection, after, 100_000)
            counted = [c for c in changes if c.kind in projection.kinds]
            projection.apply(connection, counted, projection.look(connection, counted))
            feed.move_cursor(connection, projection.name, feed.last_seq(connection))

        await self.database.write(work)

    async def rows(self, *tables: str) -> list[list[tuple]]:
        def work(connection: Connection) -> list[list[tuple]]:
            return [
                sorted(
                    (tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")),
                    key=repr,
                )
                for table in tables
            ]

        return await self.database.read(work)

    async def run(self, *statements: str) -> None:
        def work(connection: Connection) -> None:
            for statement in statements:
                connection.exec_driver_sql(statement)

        await self.database.write(work)

    async def problems(self) -> list[str]:
        return await check_database(self.database, CHECKS)


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> CountingDesk:
    return CountingDesk(database, clock)


async def busy_days(desk: CountingDesk, seed: int) -> list[Issue]:
    """Report and edit some issues over a few days; return them as they are now."""
    chance = random.Random(seed)
    issues = []
    for _ in range(40):
        issue = await desk.report(issue_type=chance.choice(TYPES), location=chance.choice(PLACES))
        for field, values in (
            ("assignee_id", (*PEOPLE, None)),
            ("priority", tuple(Priority)),
            ("status", tuple(Status)),
        ):
            value = chance.choice(values)
            if getattr(issue, field) != value:
                issue = await desk.edit(issue, **{field: value})
        issues.append(issue)
        desk.clock.advance(chance.choice([60, 3600, 40_000]) * SECOND)
    return issues


async def test_counting_anew_gives_the_same_sums(desk: CountingDesk):
    for seed in range(3):
        await busy_days(desk, seed)
        await desk.project()
    kept = await desk.rows("issue_unresolved", "issue_facets", "issue_totals")
    assert all(kept)
    await desk.database.write(rebuild)
    assert await desk.rows("issue_unresolved", "issue_facets", "issue_totals") == kept


async def test_nothing_is_kept_of_what_is_resolved(desk: CountingDesk):
    issues = await busy_days(desk, 1)
    await desk.project()
    for issue in issues:
        if issue.status is not Status.RESOLVED:
            await desk.edit(issue, status=Status.RESOLVED)
    await desk.project()
    assert await desk.rows("issue_unresolved") == [[]]


async def test_the_migration_takes_over_what_was_counted_and_goes_on(desk: CountingDesk):
    await busy_days(desk, 1)
    await desk.project()
    kept = await desk.rows("issue_unresolved")
    await desk.run(*BEFORE_THE_SUMS)
    assert await migrate(desk.database) == [23]
    assert await desk.rows("issue_unresolved") == kept
    assert await desk.problems() == []
    # some changes were not counted yet when it was stopped for the upgrade
    await desk.run(*BEFORE_THE_SUMS)
    for issue in await busy_days(desk, 2):
        if issue.priority is not Priority.URGENT:
            await desk.edit(issue, priority=Priority.URGENT)
    await migrate(desk.database)
    assert await desk.problems() == []
    await desk.project()
    assert await desk.problems() == []
    await require_right(desk, [desk.clock.now()])


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("UPDATE issue_unresolved SET n = n + 1 WHERE kind = 'hour'", "sum(s) of unresolved"),
        ("DELETE FROM issue_unresolved WHERE location = ''", "sum(s) of unresolved"),
        (
            "INSERT INTO issue_unresolved (issue_type, location, kind, name, n)"
            " VALUES ('Network', 'Nowhere', 'urgent', '', 1)",
            "There are 1 sum(s) of unresolved",
        ),
        ("UPDATE issue_totals SET n = n - 1 WHERE status = 'OPEN'", "total(s) of issues"),
        ("UPDATE issue_days SET reported = reported + 1", "number of reported issues"),
        ("DELETE FROM issue_days", "number of resolved issues"),
        ("UPDATE issues SET due_at = NULL", "counted as what they are not"),
        ("UPDATE issues SET priority = 'URGENT'", "counted as what they are not"),
        ("DELETE FROM issue_facets", "counted as what they are not"),
    ],
)
async def test_wrong_counts_are_noticed_and_counted_anew(
    desk: CountingDesk, broken: str, said: str
):
    await busy_days(desk, 1)
    await desk.project()
    assert await desk.problems() == []
    await desk.run(broken)
    assert any(said in problem for problem in await desk.problems())
    await desk.database.write(rebuild)
    assert await desk.problems() == []


async def test_what_waits_to_be_counted_is_no_fault(desk: CountingDesk):
    await busy_days(desk, 1)
    assert await desk.problems() == []
