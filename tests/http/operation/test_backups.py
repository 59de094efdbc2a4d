"""Backups and what brings them back, beside a running server."""

import threading
from pathlib import Path

from tests.http.issues.test_photos import add, jpeg
from tests.http.operation.commands import Make, fine, refused
from tests.running import STAFF_PIN, wait_for


def test_a_backup_taken_under_load_brings_everything_back(make: Make, tmp_path: Path):
    server = make().start()
    kept = server.report(description="Before the backup", name="Ada")
    photo = add(server, kept, jpeg()).json
    keys = server.call("GET", "/.well-known/jwks.json").json
    acknowledged = [kept]
    stop = threading.Event()

    def load() -> None:
        while not stop.is_set():
            issue_id = server.report()
            add(server, issue_id, jpeg())
            acknowledged.append(issue_id)

    reporting = threading.Thread(target=load)
    reporting.start()
    wait_for(lambda: len(acknowledged) > 3, "some reports")
    before = list(acknowledged)
    target = tmp_path / "backups" / "today"
    try:
        said = fine(server.command("backup", str(target)))
    finally:
        stop.set()
        reporting.join()
    assert said == f"Everything is in {target}.\n"
    assert {path.name for path in target.iterdir()} == {
        "quadrangle.db",
        "quadrangle-worker.db",
        "files",
        "keys",
    }
    for path in [target, *target.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path

    server.stop()
    restored = make("restored")
    assert fine(restored.command("restore", str(target))) == f"Restored into {restored.data}.\n"
    assert fine(restored.command("check")) == "Everything is in order.\n"
    restored.start()
    for issue_id in before:
        assert restored.call("GET", f"/issue-status/{issue_id}").status == 200
    assert restored.call("GET", photo["url"]).status == 200
    thread = restored.call("GET", f"/api/issues/{kept}", token=restored.sign_in()).json
    assert thread["issue"]["reporterName"] == "Ada"
    assert thread["photos"] == [photo]
    assert restored.call("POST", "/api/accounts/pin", {"pin": STAFF_PIN}).status == 200
    # the keys came along, so nobody has to sign in again
    assert restored.call("GET", "/.well-known/jwks.json").json == keys


def test_a_backup_with_postgresql_has_photos_and_keys(
    make: Make, tmp_path: Path, postgres_url: str
):
    server = make(QUADRANGLE_DATABASE_URL=postgres_url).start()
    photo_id = add(server, server.report(), jpeg()).json["photoId"]
    target = tmp_path / "backup"
    assert "pg_dump" in fine(server.command("backup", str(target)))
    assert {path.name for path in target.iterdir()} == {"files", "keys"}
    assert photo_id in {path.name for path in target.rglob("*")}
    server.stop()
    restored = make("restored", QUADRANGLE_DATABASE_URL=postgres_url)
    fine(restored.command("restore", str(target)))
    assert fine(restored.command("check")) == "Everything is in order.\n"


def test_a_backup_takes_nobodys_place(make: Make, tmp_path: Path):
    server = make()
    target = tmp_path / "backup"
    refused(server.command("backup", str(target)), "nothing to back up")
    assert not target.exists()
    fine(server.command("migrate"))
    target.mkdir()
    (target / "mine").write_text("kept")
    refused(server.command("backup", str(target)), "exists already")
    assert (target / "mine").read_text() == "kept"
    refused(server.command("backup", str(target / "mine" / "x")), "failed: Not a directory")


def test_a_backup_that_broke_off_is_begun_again(make: Make, tmp_path: Path):
    server = make()
    fine(server.command("migrate"))
    target = tmp_path / "backup"
    left = tmp_path / "backup.unfinished"
    left.mkdir()
    (left / "quadrangle.db").write_text("half")
    fine(server.command("backup", str(target)))
    assert not left.exists()
    assert (target / "quadrangle.db").read_bytes().startswith(b"SQLite format 3")


def test_a_restore_takes_nobodys_place(make: Make, tmp_path: Path):
    server = make().start()
    issue_id = server.report()
    target = tmp_path / "backup"
    fine(server.command("backup", str(target)))
    refused(server.command("restore", str(target)), "quadrangle.db", "exists already")
    assert server.call("GET", f"/issue-status/{issue_id}").status == 200
    elsewhere = make("elsewhere")
    refused(elsewhere.command("restore", str(tmp_path / "nothing")), "is not a backup")
    refused(elsewhere.command("restore", str(tmp_path)), "is not a backup")


def test_a_sqlite_backup_is_not_lost_on_another_database(
    make: Make, tmp_path: Path, postgres_url: str
):
    server = make()
    fine(server.command("migrate"))
    target = tmp_path / "backup"
    fine(server.command("backup", str(target)))
    other = make("other", QUADRANGLE_DATABASE_URL=postgres_url)
    refused(other.command("restore", str(target)), "SQLite", "QUADRANGLE_DATABASE_URL")


def test_a_database_kept_elsewhere_is_backed_up_and_restored_there(make: Make, tmp_path: Path):
    server = make(QUADRANGLE_DATABASE_URL=f"sqlite:///{tmp_path / 'far.db'}").start()
    issue_id = server.report()
    fine(server.command("backup", str(tmp_path / "backup")))
    server.stop()
    near = tmp_path / "near.db"
    restored = make("restored", QUADRANGLE_DATABASE_URL=f"sqlite:///{near}")
    fine(restored.command("restore", str(tmp_path / "backup")))
    assert near.is_file()
    restored.start()
    assert restored.call("GET", f"/issue-status/{issue_id}").status == 200
