"""Both files of one machine: one of them lost, older or newer than the other, moved, backed up."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from quadrangle.audit.rules import BROKEN_OFF
from quadrangle.hosts.one_machine.background import Background
from quadrangle.hosts.one_machine.opening import open_data
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.services import Services
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.issues.ports import IssueQuery
from quadrangle.issues.rules import NewReport
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.principal import ANYONE
from quadrangle.sql.base.database import Database
from tests.databases import migrate_now
from tests.http.operation.commands import Make, fine, refused
from tests.old_records.wings import FROZEN, SqlWing
from tests.running import wait_for

FACTS, FOLLOWER = "quadrangle.db", "quadrangle-worker.db"


class Machine:
    """The services on a folder, and all that goes on beside requests, step by step."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(data=folder, public_url="http://127.0.0.1:8000")
        self.services = Services(MachineParts(settings))
        self._background = Background(self.services)

    async def report(self, description: str, email: str) -> str:
        new = NewReport("Network", "Library", description, email=email)
        issue = await self.services.issues.service.reporting.report(new, ANYONE)
        return issue.issue_id

    async def work(self) -> None:
        while (
            await self._background.dispatcher.catch_up() + await self._background.worker.run_due()
        ):
            pass

    async def mailed(self) -> Counter[str]:
        page = await self.services.mail.outbox.page(None, 200, None)
        return Counter(entry.to for entry in page.items)

    async def found(self, text: str) -> list[str]:
        page = await self.services.issues.store.page(IssueQuery(text=text), 50, None)
        return [issue.issue_id for issue in page.items]


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Machine]:
    machine = Machine(folder)
    await open_data(machine.services)
    yield machine
    await machine.services.close()


@pytest.fixture
async def first_mails(tmp_path: Path) -> Counter[str]:
    """A folder whose machine has taken a report and done all that follows; whom it wrote to."""
    async with opened(tmp_path) as machine:
        await machine.report("The lamp flickers", "ada@campus.example")
        await machine.work()
        mails = await machine.mailed()
    assert mails["ada@campus.example"] == 1
    return mails


async def test_a_lost_second_file_sends_no_mail_again(tmp_path: Path, first_mails: Counter[str]):
    (tmp_path / FOLLOWER).unlink()
    async with opened(tmp_path) as machine:
        (told,) = await machine.services.audit.notes()
        assert await machine.services.audit.check() == []
        await machine.work()
        assert await machine.services.audit.notes() == [told]
        assert await machine.mailed() == Counter()
        assert len(await machine.found("lamp")) == 1
        issue_id = await machine.report("The door squeaks", "ben@campus.example")
        await machine.work()
        assert (await machine.mailed())["ben@campus.example"] == 1
        assert await machine.found("door") == [issue_id]
        assert await machine.services.audit.check() == []
        assert told.startswith("The audit was broken off before ")


async def test_the_audit_begins_with_its_loss(tmp_path: Path, first_mails: Counter[str]):
    (tmp_path / FOLLOWER).unlink()
    async with opened(tmp_path) as machine:
        await machine.work()
    with closing(sqlite3.connect(tmp_path / FOLLOWER)) as database:
        assert database.execute("SELECT kind FROM audit ORDER BY seq").fetchone() == (BROKEN_OFF,)


async def test_an_older_second_file_catches_up_to_the_same(
    tmp_path: Path, first_mails: Counter[str]
):
    """As after a power cut, whose last writes are undone there, or from an older backup."""
    kept = shutil.copy(tmp_path / FOLLOWER, tmp_path / "older")
    async with opened(tmp_path) as machine:
        issue_id = await machine.report("The door squeaks", "ben@campus.example")
        await machine.work()
        after = await machine.mailed()
    shutil.copy(kept, tmp_path / FOLLOWER)
    async with opened(tmp_path) as machine:
        await machine.work()
        assert await machine.mailed() == after
        assert await machine.found("door") == [issue_id]
        assert await machine.services.audit.check() == []


async def test_older_facts_go_on_from_where_they_are(tmp_path: Path, first_mails: Counter[str]):
    kept = shutil.copy(tmp_path / FACTS, tmp_path / "older")
    async with opened(tmp_path) as machine:
        gone = await machine.report("The door squeaks", "ben@campus.example")
        await machine.work()
        assert await machine.found("door") == [gone]
    shutil.copy(kept, tmp_path / FACTS)
    async with opened(tmp_path) as machine:
        known = await machine.services.parts.feed.last_seq()
        issue_id = await machine.report("The tap drips", "eva@campus.example")
        assert await machine.services.parts.feed.last_seq() > known + 1, "a number is given once"
        await machine.work()
        assert await machine.found("door") == []
        assert await machine.found("tap") == [issue_id]
        assert len(await machine.found("lamp")) == 1
        assert (await machine.mailed())["eva@campus.example"] == 1


async def test_an_earlier_release_moves_over_when_it_is_opened(tmp_path: Path, clock: ManualClock):
    database = Database(f"sqlite:///{tmp_path / FACTS}")
    await SqlWing(database, clock).restore(max(path.name for path in FROZEN.iterdir()))
    await database.close()
    with closing(sqlite3.connect(tmp_path / FACTS)) as before:
        mails = before.execute("SELECT count(*) FROM mails").fetchone()[0]
        ids = [row[0] for row in before.execute("SELECT issue_id FROM issues")]
    assert ids
    assert mails
    async with opened(tmp_path) as machine:
        for each in ids:
            assert await machine.services.issues.service.reporting.look_up(each)
        assert (await machine.mailed()).total() == mails
        await machine.report("The door squeaks", "ben@campus.example")
        await machine.work()
        assert (await machine.mailed())["ben@campus.example"] == 1


async def test_a_backup_is_whole_whatever_is_written_meanwhile(make: Make, tmp_path: Path):
    server = make().start()
    for n in range(30):
        server.report(email=f"person-{n}@campus.example")
    target = tmp_path / "backup"
    fine(server.command("backup", str(target)))
    with closing(sqlite3.connect(target / FACTS)) as facts:
        newest = facts.execute("SELECT max(seq) FROM changes").fetchone()[0]
    with closing(sqlite3.connect(target / FOLLOWER)) as follower:
        cursors = follower.execute("SELECT consumer, seq FROM feed_cursors").fetchall()
    assert all(seq <= newest for name, seq in cursors if name != "job-requests")
    restored = make("restored")
    fine(restored.command("restore", str(target)))
    restored.start()
    assert fine(restored.command("check")) == "Everything is in order.\n"


def test_the_log_is_long_from_the_start_and_gone_at_the_end(make: Make):
    server = make().start()
    log = server.data / f"{FACTS}-wal"
    assert log.stat().st_size >= 16_000_000
    assert server.stop() == 0
    assert not log.exists()
    assert not (server.data / f"{FOLLOWER}-wal").exists()


def test_check_says_which_file_is_missing(make: Make):
    server = make()
    fine(server.command("migrate"))
    (server.data / FOLLOWER).unlink()
    refused(server.command("check"), FOLLOWER, "is missing", "backup", "quadrangle migrate")
    assert not (server.data / FOLLOWER).exists()
    fine(server.command("migrate"))
    told, ended = fine(server.command("check")).splitlines()
    assert told.startswith("The audit was broken off before ")
    assert ended == "Everything is in order."


def test_check_says_that_a_database_is_of_an_earlier_version(make: Make):
    server = make()
    server.data.mkdir()
    migrate_now(f"sqlite:///{server.data / FACTS}")
    refused(server.command("check"), "earlier version", "quadrangle migrate")
    fine(server.command("migrate"))
    assert fine(server.command("check")) == "Everything is in order.\n"


def test_a_damaged_second_file_is_said_with_what_helps(make: Make):
    server = make()
    fine(server.command("migrate"))
    (server.data / FOLLOWER).write_bytes(b"no database" * 1_000)
    for command in ("serve", "migrate"):
        refused(
            server.program(command), FOLLOWER, "not a database", "backup", "move this file away"
        )
    (server.data / FOLLOWER).rename(server.data / "away")
    fine(server.command("migrate"))


def test_a_folder_may_be_called_anything(make: Make):
    server = make("50%20 of? all #1 “ü”").start()
    issue_id = server.report()
    assert server.call("GET", f"/issue-status/{issue_id}").status == 200
    assert {FACTS, FOLLOWER} <= {path.name for path in server.data.iterdir()}


def test_a_worker_that_comes_before_the_server_waits_for_the_second_file(make: Make):
    """Beside an installation of one file, which only the server moves over."""
    server = make(QUADRANGLE_WORKER="off")
    server.data.mkdir()
    migrate_now(f"sqlite:///{server.data / FACTS}")
    log = server.folder / "worker.log"
    with log.open("wb") as told, server.beside("worker", told):
        wait_for(lambda: "changes wait" in log.read_text(), "the worker to miss its file")
        server.start()
        server.report(email="ada@campus.example")
        token = server.sign_in()
        wait_for(
            lambda: server.call("GET", "/api/mail/outbox", token=token).json["counts"]["kept"] > 1,
            "mails",
        )


def test_a_restore_says_what_its_backup_lacks(make: Make, tmp_path: Path):
    server, target = make(), tmp_path / "backup"
    fine(server.command("migrate"))
    fine(server.command("backup", str(target)))
    (target / FOLLOWER).unlink()
    assert FOLLOWER in fine(make("one").command("restore", str(target)))
    (target / FACTS).unlink()  # as where the database is on a server
    assert FOLLOWER not in fine(make("two").command("restore", str(target)))


def test_every_command_refuses_files_of_two_installations(make: Make, tmp_path: Path):
    ours, other = make(), make("other")
    for each in (ours, other):
        fine(each.command("migrate"))
    backed_up = tmp_path / "backup"
    fine(ours.command("backup", str(backed_up)))
    for place in (ours.data, backed_up):
        shutil.copy(other.data / FOLLOWER, place / FOLLOWER)
    told = (FACTS, FOLLOWER, "not of one installation")
    for command in (
        ["check"],
        ["check", "--rebuild"],
        ["backup", str(tmp_path / "b")],
        ["migrate"],
    ):
        refused(ours.command(*command), *told)
    assert not (tmp_path / "b").exists()
    restored = make("restored")
    refused(restored.command("restore", str(backed_up)), *told)
    assert not (restored.data / FACTS).exists()
