"""Whoever operates a machine sees how far its worker is behind."""

import sqlite3

from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.services import CONSUMERS, Services
from quadrangle.hosts.one_machine.settings import read_settings
from tests.http.operation.commands import Make
from tests.running import RunningServer, wait_for

ALL = {"reactions", "issue-read-model", "audit"}


def figures(server: RunningServer, name: str, token: str) -> dict[str, float]:
    """Return the values of a figure by consumer."""
    answer = server.call("GET", "/metrics", token=token)
    assert answer.status == 200
    found: dict[str, float] = {}
    for line in answer.body.decode().splitlines():
        if line.startswith(f'{name}{{consumer="'):
            labels, _, value = line.rpartition(" ")
            found[labels.split('"')[1]] = float(value)
    return found


def test_metrics_tell_how_many_changes_wait_and_for_how_long(make: Make):
    server = make(QUADRANGLE_WORKER="off").start()
    for _ in range(3):
        server.report()
    admin = server.sign_in()
    behind = figures(server, "quadrangle_changes_behind", admin)
    assert set(behind) == ALL
    assert min(behind.values()) >= 3
    assert min(figures(server, "quadrangle_changes_behind_seconds", admin).values()) > 0


def test_a_worker_that_has_caught_up_is_behind_by_nothing(server: RunningServer, admin: str):
    server.report()

    def caught_up() -> bool:
        behind = figures(server, "quadrangle_changes_behind", admin)
        late = figures(server, "quadrangle_changes_behind_seconds", admin)
        return set(behind.values()) == set(late.values()) == {0.0}

    wait_for(caught_up, "the worker", 60)


def test_check_tells_of_changes_that_have_waited_for_long(make: Make):
    server = make(QUADRANGLE_WORKER="off").start()
    server.report()
    server.stop()
    assert "for the worker" not in server.command("check").stdout
    with sqlite3.connect(server.data / "quadrangle.db") as database:
        database.execute("UPDATE changes SET at = '2020-01-01T00:00:00.000Z'")
    database.close()
    done = server.command("check")
    assert done.returncode == 0
    assert "wait for the worker, the oldest for " in done.stdout
    assert "Everything is in order." in done.stdout


async def test_all_that_follow_the_feed_are_counted(tmp_path):
    given = {"QUADRANGLE_DATA": str(tmp_path), "QUADRANGLE_ADMIN_EMAIL": "admin@campus.example"}
    services = Services(MachineParts(read_settings(given)))
    followed = [each.name for host in services.all for each in host.projections()]
    assert set(CONSUMERS) == {"reactions", *followed} == ALL
    await services.close()
