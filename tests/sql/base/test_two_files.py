"""On SQLite what follows from facts moves into a file of its own, once, and nothing is lost."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import NewJob
from quadrangle.kernel.mail import Mail
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.two_files import (
    Anew,
    Follower,
    ensure_follower,
    follower_of,
    require_facts,
)
from quadrangle.sql.issues.store import SqlIssueStore
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.mail.outbox import SqlOutbox
from quadrangle.sql.migrations.following import BOTH, FOLLOWING
from tests.contracts.issues.desks import SqlDesk
from tests.old_records.wings import FROZEN, SqlWing

TOLD = Change("audit.broken-off", "audit", {}, "", "2026-11-28T12:00:00.000Z")
Tables = dict[str, list[tuple[Any, ...]]]


NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def anew() -> Anew:
    return Anew(["reactions", "audit"], TOLD)


@pytest.fixture
async def facts(tmp_path: Path, clock: ManualClock) -> str:
    """One file with what earlier releases wrote, and with jobs, mails, search and counts."""
    path = tmp_path / "campus.db"
    database = Database(f"sqlite:///{path}")
    await SqlWing(database, clock).restore(max(path.name for path in FROZEN.iterdir()))
    desk = SqlDesk(database, clock)
    for n in range(40):
        await desk.report(f"The projector number {n} hums", name="Ada")
    await desk.project()
    jobs, outbox = SqlJobs(database, clock), SqlOutbox(database, clock)
    await jobs.put(*(NewJob("mail.send", {"n": n}, name=f"job:{n}") for n in range(300)))
    await outbox.enqueue(*(Mail(f"k{n}", "a@b.example", "s", "t" * 999, "h") for n in range(200)))
    await database.close()
    return str(path)


def rows(file: str | Path) -> Tables:
    """Return the rows of each table of a file."""
    with closing(sqlite3.connect(file)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)
            for (name,) in names.fetchall()
        }


def is_of_follower(table: str) -> bool:
    return table in FOLLOWING or table.startswith("issue_search_")


def require_moved(before: Tables, facts: str) -> None:
    """All rows are where they belong, as they were."""
    first, second = rows(facts), rows(follower_of(facts))
    shared = (*BOTH, "sqlite_sequence")
    assert {name for name in before if not is_of_follower(name)} == set(first)
    assert {name for name in before if is_of_follower(name)} == set(second) - set(shared)
    for name, held in before.items():
        if name not in shared:
            assert (second if is_of_follower(name) else first)[name] == held, name
    numbers, known = dict(before["sqlite_sequence"]), dict(second["sqlite_sequence"])
    assert known == {name: n for name, n in numbers.items() if is_of_follower(name)}


def test_an_installation_of_one_file_moves_over_once(facts: str):
    before = rows(facts)
    assert ensure_follower(facts, anew) is Follower.MOVED
    require_moved(before, facts)
    assert Path(follower_of(facts)).stat().st_mode & 0o777 == 0o600
    kept = rows(follower_of(facts))
    assert ensure_follower(facts, anew) is Follower.THERE
    assert rows(follower_of(facts)) == kept


async def test_what_was_indexed_is_found_in_the_other_file(facts: str):
    ensure_follower(facts, anew)
    database = Database(f"sqlite:///{facts}", follower=follower_of(facts))
    desk = SqlDesk(database, ManualClock(NOW))
    assert len(await desk.ids(text="projector hums")) == 40
    assert (await desk.store.counts(None, None, NOW)).total >= 40
    await database.close()


MOVES = """
import sys
from quadrangle.sql.base.two_files import Anew, ensure_follower
print("go", flush=True)
ensure_follower(sys.argv[1], None)
print("done", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("after_ms", [0, 5, 10, 20, 30, 40, 50, 65, 80, 100, 150])
def test_killed_in_the_middle_it_begins_again(facts: str, after_ms: int):
    before = rows(facts)
    moving = subprocess.Popen(
        [sys.executable, "-c", MOVES, facts], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert moving.stdout is not None
    assert moving.stdout.readline() == b"go\n"
    time.sleep(after_ms / 1000)
    moving.send_signal(signal.SIGKILL)
    moving.communicate()
    assert ensure_follower(facts, anew) in (Follower.MOVED, Follower.THERE)
    require_moved(before, facts)


def test_a_file_that_was_in_use_is_never_replaced(facts: str, tmp_path: Path):
    """As when facts of before the two were divided are brought back beside it."""
    older = tmp_path / "older.db"
    shutil.copy(facts, older)
    ensure_follower(facts, anew)
    kept = rows(follower_of(facts))
    shutil.copy(older, facts)
    with pytest.raises(Unavailable, match="not of one installation"):
        ensure_follower(facts, anew)
    assert rows(follower_of(facts)) == kept


def number_in(file: str | Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("PRAGMA application_id").fetchone()[0]


async def test_the_second_file_of_another_installation_is_none(facts: str, tmp_path: Path):
    other = str(shutil.copy(facts, tmp_path / "other.db"))
    for each in (facts, other):
        ensure_follower(each, anew)
    assert number_in(facts) == number_in(follower_of(facts)) > 0
    assert number_in(facts) != number_in(other)
    shutil.copy(follower_of(other), follower_of(facts))
    before = rows(facts), rows(follower_of(facts))
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"campus\.db and .*campus-worker\.db are not of one"):
            ensure_follower(facts, anew)
    assert (rows(facts), rows(follower_of(facts))) == before
    for opened in (
        Database(f"sqlite:///{facts}", follower=follower_of(facts)),
        Database(f"sqlite:///{follower_of(facts)}", facts=facts),
    ):
        with pytest.raises(Unavailable, match="are not of one installation"):
            await opened.read(lambda _: None)
        await opened.close()
    os.unlink(follower_of(facts))
    assert ensure_follower(facts, anew) is Follower.LOST
    assert ensure_follower(facts, anew) is Follower.THERE
    assert number_in(follower_of(facts)) == number_in(facts)


@pytest.mark.parametrize("which", ["facts", "second"])
def test_what_has_no_number_yet_gets_that_of_the_other(facts: str, which: str):
    """Copies of before, and those that somebody was killed between."""
    ensure_follower(facts, anew)
    number = number_in(facts)
    with closing(sqlite3.connect(facts if which == "facts" else follower_of(facts))) as old:
        old.execute("PRAGMA application_id = 0")
    assert ensure_follower(facts, anew) is Follower.THERE
    assert number_in(facts) == number_in(follower_of(facts)) == number


def test_without_facts_nothing_begins(facts: str):
    ensure_follower(facts, anew)
    kept = rows(follower_of(facts))
    Path(facts).write_bytes(b"")
    with pytest.raises(Unavailable, match="Bring back both"):
        require_facts(facts)
    Path(facts).unlink()
    with pytest.raises(Unavailable, match="Bring back both"):
        require_facts(facts)
    assert rows(follower_of(facts)) == kept
    Path(follower_of(facts)).unlink()
    require_facts(facts)


def test_a_file_with_nothing_in_it_is_a_lost_one(facts: str):
    ensure_follower(facts, anew)
    Path(follower_of(facts)).write_bytes(b"")
    assert ensure_follower(facts, anew) is Follower.LOST
    assert rows(follower_of(facts))["feed_cursors"]


def test_the_log_of_a_file_that_is_gone_is_not_read_into_the_new_one(facts: str):
    ensure_follower(facts, anew)
    opened = sqlite3.connect(follower_of(facts), isolation_level=None)
    opened.execute("PRAGMA journal_mode = WAL")
    opened.execute("INSERT INTO documents (name, body, version) VALUES ('old', '', 1)")
    log = Path(f"{follower_of(facts)}-wal")
    crashed = log.read_bytes()
    opened.close()
    Path(follower_of(facts)).unlink()
    log.write_bytes(crashed)
    assert ensure_follower(facts, anew) is Follower.LOST
    assert rows(follower_of(facts))["documents"] == []
    assert Path(f"{log}.left").read_bytes() == crashed


@pytest.mark.parametrize(
    ("facts_name", "follower"),
    [("campus.db", "campus-worker.db"), ("campus", "campus-worker"), ("a.x", "a.x-worker")],
)
def test_each_database_has_a_second_file_of_its_own(facts_name: str, follower: str):
    assert follower_of(f"/data/{facts_name}") == f"/data/{follower}"


async def test_nobody_but_the_start_makes_a_second_file(tmp_path: Path):
    path = tmp_path / "campus-worker.db"
    follower = Database(f"sqlite:///{path}", facts=str(tmp_path / "campus.db"))
    with pytest.raises(Unavailable):
        await follower.read(lambda c: c.exec_driver_sql("SELECT 1").scalar())
    with pytest.raises(Unavailable):
        await follower.write(lambda c: c.exec_driver_sql("SELECT 1").scalar())
    await follower.close()
    assert not path.exists()


def test_facts_that_cannot_be_copied_keep_everything(facts: str):
    before = rows(facts)
    in_the_way = Path(follower_of(facts) + ".new")
    in_the_way.mkdir()
    with pytest.raises(Unavailable):
        ensure_follower(facts, anew)
    assert rows(facts) == before
    in_the_way.rmdir()
    ensure_follower(facts, anew)
    require_moved(before, facts)


def test_a_lost_file_is_made_anew_and_goes_on_with_what_comes(facts: str):
    ensure_follower(facts, anew)
    newest = max(row[0] for row in rows(facts)["changes"])
    Path(follower_of(facts)).unlink()
    assert ensure_follower(facts, anew) is Follower.LOST
    made, changes = rows(follower_of(facts)), rows(facts)["changes"]
    assert made["feed_cursors"] == [("audit", newest), ("reactions", newest)]
    assert made["mails"] == made["jobs"] == made["audit"] == []
    assert [row[1] for row in changes if row[0] > newest] == ["audit.broken-off"]
    assert ensure_follower(facts, anew) is Follower.THERE


@pytest.fixture
def divided(facts: str) -> tuple[Database, Database]:
    ensure_follower(facts, anew)
    return (
        Database(f"sqlite:///{facts}", follower=follower_of(facts)),
        Database(f"sqlite:///{follower_of(facts)}", facts=facts),
    )


async def test_neither_file_is_written_through_the_other(divided: tuple[Database, Database]):
    first, second = divided
    with pytest.raises(Unavailable):
        await second.write(lambda c: c.exec_driver_sql("DELETE FROM issues").rowcount)
    with pytest.raises(Unavailable):
        await first.write(lambda c: c.exec_driver_sql("DELETE FROM mails").rowcount)
    with pytest.raises(Unavailable):
        await first.read(lambda c: c.exec_driver_sql("DELETE FROM mails").rowcount)
    count = "SELECT (SELECT count(*) FROM issues) > 0, (SELECT count(*) FROM mails) > 0"
    for each in divided:
        assert await each.read(lambda c: tuple(c.exec_driver_sql(count).one())) == (1, 1)
        await each.close()


async def test_a_report_is_looked_up_whatever_became_of_the_other_file(
    divided: tuple[Database, Database],
):
    first, second = divided
    (issue_id, *_), *_ = await first.read(
        lambda c: c.exec_driver_sql("SELECT issue_id FROM issues").fetchall()
    )
    await first.close()
    await second.close()
    broken = Database(f"sqlite:///{first.path}", follower=str(second.path))
    os.truncate(str(second.path), 5_000)
    found = await SqlIssueStore(broken).get(issue_id)
    assert found is not None
    with pytest.raises(Unavailable):
        await broken.read(lambda c: c.exec_driver_sql("SELECT count(*) FROM mails").scalar_one())
    await broken.close()


async def test_each_file_is_written_while_the_other_one_is(divided: tuple[Database, Database]):
    """A write to what follows reads facts, and waits for nobody who writes them."""
    first, second = divided
    with closing(sqlite3.connect(str(first.path), isolation_level=None)) as outsider:
        outsider.execute("BEGIN IMMEDIATE")
        found = await second.write(
            lambda c: (
                c.exec_driver_sql("DELETE FROM mails").rowcount,
                c.exec_driver_sql("SELECT count(*) FROM issues").scalar_one(),
            )
        )
        assert min(found) > 0
        outsider.execute("ROLLBACK")
    for each in divided:
        await each.close()
