"""The write path: grouped, undone alone, honest when the database is away; migrations."""

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict, Unavailable
from quadrangle.sql import migrations
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import TooNew, migrate
from quadrangle.sql.feed import feed

STEPS = sorted(
    int(path.stem[-4:]) for path in Path(next(iter(migrations.__path__))).glob("step_*.py")
)
CHANGE = Change("test.happened", "subject", {"a": 1}, "someone", "2026-11-21T09:30:00.000Z")


async def count(database: Database) -> int:
    return await database.read(lambda c: len(feed.read_after(c, 0, 10_000)))


async def test_writes_of_one_moment_share_transactions_and_all_succeed(database: Database):
    await asyncio.gather(*(database.write(lambda c: feed.append(c, CHANGE)) for _ in range(400)))
    assert await count(database) == 400


async def test_a_failing_write_is_undone_alone(database: Database):
    def fails(connection) -> None:
        feed.append(connection, CHANGE)
        raise Conflict()

    results = await asyncio.gather(
        database.write(lambda c: feed.append(c, CHANGE)),
        database.write(fails),
        database.write(lambda c: feed.append(c, CHANGE)),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None), Conflict, type(None)]
    assert await count(database) == 2


async def test_what_was_handed_over_before_closing_is_written(database: Database):
    writes = [
        asyncio.ensure_future(database.write(lambda c: feed.append(c, CHANGE))) for _ in range(50)
    ]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    with pytest.raises(Unavailable):
        await database.write(lambda c: feed.append(c, CHANGE))
    again = Database(database.url.render_as_string(hide_password=False))
    assert await count(again) == 50
    await again.close()


async def test_feed_numbers_follow_commit_order_with_many_writers(
    database: Database, database_url: str
):
    other = Database(database_url)
    seen: list[int] = []
    stop = asyncio.Event()

    async def follow() -> None:
        last = 0
        while True:
            done = stop.is_set()
            for change in await database.read(partial(feed.read_after, seq=last, limit=1000)):
                assert change.seq > last
                last = change.seq
                seen.append(last)
            if done:
                return
            await asyncio.sleep(0)

    async def write(to: Database) -> None:
        for _ in range(60):
            await to.write(lambda c: feed.append(c, CHANGE))

    reader = asyncio.create_task(follow())
    await asyncio.gather(*(write(each) for each in (database, other, database, other)))
    stop.set()
    await reader
    await other.close()
    assert len(seen) == 240, "a reader that remembers one number passed no change by"


async def test_a_locked_database_is_unavailable_and_then_works_again(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("quadrangle.sql.base.connections.BUSY_TIMEOUT_MS", 100)
    path = tmp_path / "quadrangle.db"
    database = Database(f"sqlite:///{path}")
    await migrate(database)
    with sqlite3.connect(path, isolation_level=None) as outsider:
        outsider.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            await database.write(lambda c: feed.append(c, CHANGE))
        outsider.execute("ROLLBACK")
    await database.write(lambda c: feed.append(c, CHANGE))
    assert await count(database) == 1
    await database.close()


async def test_lost_postgresql_connections_are_replaced(migrated_postgresql: str):
    database = Database(migrated_postgresql)
    await count(database)
    killer = Database(migrated_postgresql)
    await killer.read(
        lambda c: c.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <>"
                " pg_backend_pid() AND datname = current_database()"
            )
        ).all()
    )
    for _ in range(10):  # each broken connection may fail once, and says so
        try:
            await database.write(lambda c: feed.append(c, CHANGE))
            await count(database)
        except Unavailable:
            continue
    assert await count(database) >= 8
    await killer.close()
    await database.close()


async def test_two_processes_migrate_at_once(empty_database_url: str):
    databases = [Database(empty_database_url) for _ in range(4)]
    steps = await asyncio.gather(*(migrate(database) for database in databases))
    assert [ran for ran in steps if ran] == [STEPS]
    for database in databases:
        await database.close()


async def test_a_database_of_a_newer_version_is_left_alone(database: Database):
    await database.write(
        lambda c: c.exec_driver_sql("INSERT INTO schema_steps (number) VALUES (999)")
    )
    with pytest.raises(TooNew):
        await migrate(database)
