"""The commands, used as an administrator does: beside a running server and on its data."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from quadrangle.sql.base.migrate import known_steps
from tests.http.issues.test_photos import add, jpeg
from tests.http.operation.commands import Make, fine, refused
from tests.running import ADMIN_EMAIL, STAFF_PIN, RunningServer, wait_for

# -- check --------------------------------------------------------------------------------------


@pytest.mark.smoke
def test_check_beside_a_running_server(each_server: RunningServer):
    issue_id = each_server.report()
    assert add(each_server, issue_id, jpeg()).status == 201
    assert fine(each_server.program("check")) == "Everything is in order.\n"


def test_check_finds_what_is_wrong(make: Make):
    server = make().start()
    broken, other = server.report(), server.report()
    photo_id = add(server, broken, jpeg()).json["photoId"]
    add(server, other, jpeg())
    server.stop()
    (server.data / "files" / "photos" / broken / photo_id).unlink()
    with sqlite3.connect(server.data / "quadrangle.db") as database:
        database.execute("UPDATE issues SET photo_count = 7 WHERE issue_id = ?", (other,))
        database.execute("DELETE FROM changes WHERE subject = ?", (broken,))
    database.close()
    done = server.command("check")
    assert done.returncode == 1
    assert "There are 1 issue(s) without a change record of their report." in done.stdout
    assert "There are 1 issue(s) whose number of photos is wrong." in done.stdout
    assert "1 photo file(s) are missing." in done.stdout
    assert done.stdout.endswith("3 problem(s) found.\n")


def test_check_rebuild_counts_anew_beside_a_running_server(make: Make):
    server = make().start()
    for _ in range(3):
        server.report()
    token = server.sign_in()

    def total() -> int:
        return server.call("GET", "/api/issues/counts", token=token).json["total"]

    wait_for(lambda: total() == 3, "the reports to be counted")
    with sqlite3.connect(server.data / "quadrangle-worker.db", timeout=30) as database:
        database.execute("DELETE FROM issue_totals")
    database.close()
    assert total() == 0
    assert "Counted and indexed 3 issues anew." in fine(server.command("check", "--rebuild"))
    assert total() == 3


def test_there_is_nothing_to_check_in_an_empty_database(make: Make):
    refused(make().command("check"), "empty", "quadrangle migrate")


# -- backup and restore -------------------------------------------------------------------------


# -- staff --------------------------------------------------------------------------------------


def said_password(text: str) -> str:
    return text.strip().rpartition(": ")[2]


def test_staff_is_added_and_given_passwords_beside_a_running_server(make: Make):
    server = make().start()
    added = fine(server.command("user", "add", "Bo@Campus.example", "--name", "Bo"))
    assert "bo@campus.example (staff)" in added
    password = said_password(added)
    token = server.sign_in("bo@campus.example", password)
    me = server.call("GET", "/api/accounts/me", token=token).json
    assert (me["name"], me["role"]) == ("Bo", "staff")

    new = said_password(fine(server.command("user", "password", "bo@campus.example")))
    assert new != password
    wait_for(
        lambda: server.call("GET", "/api/accounts/me", token=token).status == 401,
        "the sign-in with the old password to end",
    )
    body = {"email": "bo@campus.example", "password": password}
    assert server.call("POST", "/api/accounts/sign-in", body).status == 401
    server.sign_in("bo@campus.example", new)

    listed = fine(server.command("user", "list")).splitlines()
    assert "bo@campus.example\tstaff\tactive\tBo" in listed
    assert f"{ADMIN_EMAIL}\tadmin\tactive\tAdministrator" in listed
    assert "bo@campus" not in fine(server.command("user", "list", "--role", "admin"))


def test_accounts_change_their_role_and_are_switched_off_and_on(make: Make):
    server = make()
    fine(server.command("user", "add", "bo@campus.example", "--role", "teacher"))
    said = fine(server.command("user", "role", "Bo@campus.example", "--role", "student"))
    assert said == "bo@campus.example is student, active.\n"
    for action, status in (("disable", "disabled"), ("enable", "active")):
        said = fine(server.command("user", action, "bo@campus.example"))
        assert said == f"bo@campus.example is student, {status}.\n"
    refused(server.command("user", "role", "bo@campus.example"), "--role teacher")


def test_an_admin_added_from_the_command_line_before_the_first_start(make: Make):
    server = make(QUADRANGLE_ADMIN_EMAIL="", QUADRANGLE_ADMIN_PASSWORD="")
    assert fine(server.command("user", "list")) == "There is nobody yet.\n"
    added = server.command("user", "add", "ada@campus.example", "--role", "admin")
    password = said_password(fine(added))
    server.start()
    token = server.sign_in("ada@campus.example", password)
    assert server.call("GET", "/api/accounts/me", token=token).json["role"] == "admin"


def test_what_cannot_be_done_with_staff_is_said(make: Make):
    server = make()
    refused(server.command("user", "add"), "give the e-mail address")
    refused(server.command("user", "add", "nobody"), "name@campus.example")
    refused(server.command("user", "password", "no@campus.example"), "no@campus.example")
    fine(server.command("user", "add", "bo@campus.example"))
    refused(server.command("user", "add", "BO@campus.example"), "already")


# -- migrate ------------------------------------------------------------------------------------


def test_of_processes_that_migrate_at_once_one_does_it(make: Make, empty_database_url: str):
    server = make(QUADRANGLE_DATABASE_URL=empty_database_url)
    said: list[str] = []
    threads = [
        threading.Thread(target=lambda: said.append(fine(server.command("migrate"))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 4
    ran = [int(line.split()[1]) for line in said if line.startswith("Ran ")]
    assert sum(ran) == len(known_steps()), "each step ran once, whichever process ran it"
    assert set(said) - {f"Ran {n} step(s).\n" for n in ran} <= {"The database is up to date.\n"}
    assert fine(server.command("check")) == "Everything is in order.\n"


@pytest.mark.smoke
def test_servers_that_start_at_once_on_an_empty_database(make: Make, postgres_url: str):
    servers = [make(name, QUADRANGLE_DATABASE_URL=postgres_url) for name in ("one", "two")]
    for server in servers:
        server.start(wait=False)
    for server in servers:
        server.wait_until_up()
    issue_id = servers[0].report()
    assert servers[1].call("GET", f"/issue-status/{issue_id}").status == 200


def test_the_database_of_a_newer_version_is_left_alone(make: Make, empty_database_url: str):
    server = make(QUADRANGLE_DATABASE_URL=empty_database_url)
    fine(server.command("migrate"))
    if empty_database_url.startswith("sqlite"):
        with sqlite3.connect(empty_database_url.removeprefix("sqlite:///")) as database:
            database.execute("INSERT INTO schema_steps (number) VALUES (9999)")
        database.close()
    else:
        with psycopg.connect(empty_database_url) as database:
            database.execute("INSERT INTO schema_steps (number) VALUES (9999)")
    for command in ("migrate", "serve"):
        refused(server.command(command), "newer Quadrangle")


# -- serve --------------------------------------------------------------------------------------


def test_what_was_made_at_the_first_start_is_shown_once_and_never_again(make: Make):
    server = make(QUADRANGLE_ADMIN_PASSWORD="", QUADRANGLE_STAFF_PIN="").start()
    shown = server.log.read_text()
    password = after(shown, "password: ")
    pin = after(shown, "Staff PIN:")
    assert "Shown this once." in shown
    assert server.sign_in(ADMIN_EMAIL, password)
    assert server.call("POST", "/api/accounts/pin", {"pin": pin}).status == 200
    issue_id = server.report()
    assert server.stop() == 0

    server.start()
    again = server.log.read_text()[len(shown) :]
    assert "Quadrangle runs at" in again
    assert "Shown this once." not in again
    for secret in (password, pin):
        assert secret not in again
        assert server.log.read_text().count(secret) == 1
        for file in server.data.rglob("*"):
            if file.is_file():
                assert secret.encode() not in file.read_bytes(), file
    assert server.sign_in(ADMIN_EMAIL, password)
    assert server.call("POST", "/api/accounts/pin", {"pin": pin}).status == 200
    assert server.call("GET", f"/issue-status/{issue_id}").status == 200


def after(text: str, words: str) -> str:
    line = next(line for line in text.splitlines() if words in line)
    return line.partition(words)[2].strip()


def test_what_the_environment_sets_is_not_shown_and_replaces_what_was(make: Make, tmp_path: Path):
    server = make().start()
    token = server.sign_in()
    assert server.stop() == 0
    changed = RunningServer(
        server.folder,
        QUADRANGLE_ADMIN_PASSWORD="seven-new-herons-5",
        QUADRANGLE_STAFF_PIN="51840397",
    )
    try:
        changed.start()
        changed.sign_in(ADMIN_EMAIL, "seven-new-herons-5")
        assert changed.call("POST", "/api/accounts/pin", {"pin": "51840397"}).status == 200
        assert changed.call("POST", "/api/accounts/pin", {"pin": STAFF_PIN}).status == 401
        assert changed.call("GET", "/api/accounts/me", token=token).status == 401
        assert "Shown this once." not in changed.log.read_text()
        assert "seven-new-herons-5" not in changed.log.read_text()
    finally:
        changed.end()


def test_a_port_that_is_taken_is_said_before_anything_is_touched(make: Make):
    server = make().start()
    second = make("second", PORT=str(server.port))
    refused(second.program("serve"), f"127.0.0.1:{server.port}", "Set PORT to another number")
    assert list(second.data.iterdir()) == []
    assert server.call("GET", "/api/health").status == 200


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PORT": "eighty"}, ["PORT", "eighty"]),
        ({"PORT": "70000"}, ["PORT"]),
        ({"QUADRANGLE_HOST": "192.0.2.1"}, ["192.0.2.1", "Set QUADRANGLE_HOST"]),
        ({"QUADRANGLE_HOST": "localhost"}, ["QUADRANGLE_HOST", "'localhost'"]),
        ({"QUADRANGLE_TRUSTED_PROXIES": "127.0.0.1, proxy"}, ["TRUSTED_PROXIES", "'proxy'"]),
        ({"QUADRANGLE_RATE_LIMIT": "off"}, ["QUADRANGLE_RATE_LIMIT", "settings.md"]),
        ({"QUADRANGLE_WORKER": "perhaps"}, ["QUADRANGLE_WORKER", "perhaps"]),
        ({"QUADRANGLE_DATABASE_URL": "mysql://x/y"}, ["QUADRANGLE_DATABASE_URL"]),
        ({"QUADRANGLE_DATABASE_URL": "sqlite://"}, ["must name a file"]),
        ({"QUADRANGLE_DATABASE_URL": "sqlite:///:memory:"}, ["must name a file"]),
        ({"QUADRANGLE_DATABASE_URL": "sqlite:////no/such/folder/x.db"}, ["/no/such/folder"]),
        ({"QUADRANGLE_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, ["database", "refused"]),
        ({"QUADRANGLE_SMTP_URL": "nonsense"}, ["SMTP URL", "smtp://"]),
        (
            {"QUADRANGLE_SMTP_URL": "smtp://127.0.0.1:25", "QUADRANGLE_MAIL_FROM": "nobody"},
            ["sender", "mail@campus.example"],
        ),
        ({"QUADRANGLE_ADMIN_PASSWORD": "short"}, ["10 to 200 characters"]),
        ({"QUADRANGLE_STAFF_PIN": "123456"}, ["PIN", "guessed"]),
        ({"QUADRANGLE_ADMIN_EMAIL": "nobody"}, ["QUADRANGLE_ADMIN_EMAIL"]),
    ],
)
def test_a_setting_that_cannot_be_used_is_said_in_one_sentence(
    make: Make, environment: dict[str, str], words: list[str]
):
    refused(make(**environment).command("serve"), *words)


def test_a_data_folder_that_cannot_be_used_is_said(make: Make, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    for data in (tmp_path / "file", tmp_path / "file" / "below"):
        server = make(f"campus-{data.name}", QUADRANGLE_DATA=str(data))
        refused(server.command("serve"), str(data), "cannot be written")


def test_a_file_that_is_no_database_is_said_and_left_alone(make: Make):
    server = make()
    server.data.mkdir()
    rubbish = os.urandom(20_000)
    (server.data / "quadrangle.db").write_bytes(rubbish)
    for command in (["serve"], ["check"], ["migrate"], ["user", "list"]):
        refused(server.command(*command), "not a database")
    assert (server.data / "quadrangle.db").read_bytes() == rubbish


def test_damaged_signing_keys_are_said(make: Make):
    server = make().start()
    server.stop()
    keys = server.data / "keys" / "signing.json"
    good = keys.read_bytes()
    keys.write_bytes(b"{")
    refused(server.command("serve"), "signing keys", "damaged")
    keys.write_bytes(good)
    keys.chmod(0o644)
    refused(server.command("serve"), "chmod 600")
    keys.chmod(0o600)
    server.start()


def test_usage_is_shown_to_whoever_asks():
    program = shutil.which("quadrangle", path=str(Path(sys.executable).parent))
    assert program is not None
    shown = subprocess.run([program, "--help"], capture_output=True, text=True, check=True)
    for command in ("serve", "worker", "migrate", "check", "backup", "restore", "user"):
        assert command in shown.stdout
    wrong = subprocess.run([program, "dance"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "usage:" in wrong.stderr
