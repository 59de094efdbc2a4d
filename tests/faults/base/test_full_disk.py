"""A full disk: 503 for what cannot be saved, and everything before and after is whole."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.mail import Mail
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.mail.outbox import SqlOutbox
from tests.running import RunningServer, wait_for

pytestmark = pytest.mark.xdist_group("faults")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.getuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small file system needs root")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(path: Path) -> None:
    """Write until there is no room left, down to the last page."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)


def test_a_full_disk_is_a_503_and_leaves_the_data_whole(small_disk: Path, tmp_path: Path):
    server = RunningServer(tmp_path, QUADRANGLE_DATA=str(small_disk), QUADRANGLE_WORKER="off")
    server.data = small_disk
    server.start()
    try:
        known = [server.report(description="x" * 4000) for _ in range(5)]
        filler = small_disk / "filler"
        fill(filler)
        refused = None
        for _ in range(200):
            body = {"issueType": "a", "location": "b", "description": "x" * 4000}
            answer = server.call("POST", "/report-issue", body)
            if answer.status != 200:
                refused = answer
                break
            known.append(answer.json["issueId"])
        assert refused is not None, "the disk never filled"
        assert refused.status == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json["message"]
        wait_for(lambda: server.call("GET", "/api/health").status == 503, "health to tell", 10)
        assert "disk" in server.call("GET", "/api/health").json["message"]
        assert server.call("GET", "/api/health/live").status == 200
        for issue_id in known:
            assert server.call("GET", f"/issue-status/{issue_id}").status == 200
        filler.unlink()
        known.append(server.report())
        wait_for(lambda: server.call("GET", "/api/health").status == 200, "health", 10)
        assert server.stop() == 0
        assert server.command("check").returncode == 0
        server.start()
        for issue_id in known:
            assert server.call("GET", f"/issue-status/{issue_id}").status == 200
    finally:
        server.end()


async def test_without_room_for_a_second_file_nothing_moves(small_disk: Path):
    """An installation of one file is as it was, and moves once there is room."""
    server = RunningServer(small_disk, QUADRANGLE_DATA=str(small_disk / "data"))
    server.data.mkdir()
    facts = server.data / "quadrangle.db"
    database = Database(f"sqlite:///{facts}")
    await migrate(database)
    mails = [Mail(f"key {n}", "ada@campus.example", "s", "x" * 1_000, "") for n in range(2_000)]
    await SqlOutbox(database, SystemClock()).enqueue(*mails)
    await database.close()
    filler = small_disk / "filler"
    fill(filler)
    os.truncate(filler, filler.stat().st_size - 2_000_000)  # SQLite itself needs some
    refused = server.program("migrate")
    assert refused.returncode == 1
    assert refused.stderr.startswith("quadrangle: ")
    assert refused.stderr.endswith("disk is full. Nothing is lost.\n")
    with closing(sqlite3.connect(facts)) as before:
        assert before.execute("SELECT count(*) FROM mails").fetchone() == (2_000,)
    filler.unlink()
    assert server.program("migrate").returncode == 0
    with closing(sqlite3.connect(server.data / "quadrangle-worker.db")) as after:
        assert after.execute("SELECT count(*) FROM mails").fetchone() == (2_000,)
    assert server.program("check").stdout == "Everything is in order.\n"
