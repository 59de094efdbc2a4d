"""Whatever was acknowledged is there afterwards, with its change record and its mail."""

import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.running import RunningServer, wait_for

pytestmark = pytest.mark.xdist_group("faults")

REPORTERS = 6
FOLLOWER = "quadrangle-worker.db"


class Load:
    """Threads that report without rest and note what was acknowledged."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server
        self.acknowledged: dict[str, str] = {}
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._report, args=(n,)) for n in range(REPORTERS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _report(self, number: int) -> None:
        count = 0
        while not self._stop.is_set():
            count += 1
            address = f"reporter-{number}-{count}@campus.example"
            body = {
                "issueType": "Network",
                "location": "Library",
                "description": f"report {number}-{count}",
                "email": address,
            }
            try:
                answer = self._server.call("POST", "/report-issue", body, timeout=5)
            except OSError:
                time.sleep(0.05)  # killed just now: nothing was acknowledged
                continue
            if answer.status == 200:
                self.acknowledged[answer.json["issueId"]] = address
            time.sleep(0.04)


def worker_of(server: RunningServer) -> int:
    """Return the process of the worker once it runs."""
    assert server.process is not None
    path = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return int(wait_for(lambda: path.read_text().split(), "the worker to run")[0])


@pytest.mark.parametrize("kills", [3, pytest.param(15, marks=pytest.mark.deep)])
def test_a_worker_killed_under_load_writes_each_mail_once(make_server, kills):
    server = make_server().start()
    load = Load(server)
    load.start()
    chance = random.Random(14)
    try:
        for _ in range(kills):
            worker = worker_of(server)
            time.sleep(chance.uniform(0.1, 0.8))
            os.kill(worker, signal.SIGKILL)
            wait_for(lambda worker=worker: worker_of(server) != worker, "another worker", 60)
    finally:
        load.stop()
    assert len(load.acknowledged) > kills, "the load got through between the kills"
    addresses = set(load.acknowledged.values())

    def outbox() -> Counter[tuple[str, str]]:
        with sqlite3.connect(server.data / FOLLOWER) as database:
            rows = database.execute("SELECT recipient, subject FROM mails").fetchall()
        database.close()
        return Counter((to, subject.partition(":")[0]) for to, subject in rows)

    def alerts() -> int:
        return sum(n for (_, what), n in outbox().items() if what == "New report")

    wait_for(lambda: addresses <= {to for to, _ in outbox()}, "every confirmation", 120)
    wait_for(lambda: alerts() >= len(addresses), "every alert", 120)
    assert server.stop() == 0
    written = outbox()
    assert {address: written[address, "We have your report"] for address in addresses} == (
        dict.fromkeys(addresses, 1)
    )
    with sqlite3.connect(server.data / "quadrangle.db") as database:
        (reports,) = database.execute("SELECT count(*) FROM issues").fetchone()
    database.close()
    with sqlite3.connect(server.data / FOLLOWER) as database:
        jobs = [row[0] for row in database.execute("SELECT function FROM jobs")]
        states = dict(database.execute("SELECT state, n FROM mail_totals WHERE n > 0").fetchall())
    database.close()
    assert alerts() == reports
    of_mails = [name for name in jobs if name.startswith(("mail.send", "reaction:issues.mail"))]
    assert of_mails == [], "no mail needs one without a mail server"
    assert states == {"kept": written.total()}
    assert server.command("check").returncode == 0


@pytest.mark.parametrize("kills", [2, pytest.param(12, marks=pytest.mark.deep)])
def test_sigkill_under_load_loses_nothing_that_was_acknowledged(make_server, sink, kills):
    server = make_server(QUADRANGLE_SMTP_URL=f"smtp://127.0.0.1:{sink.port}").start()
    load = Load(server)
    load.start()
    chance = random.Random(11)
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.2, 1.0))
            server.kill()
            server.start()
    finally:
        load.stop()
    assert len(load.acknowledged) > kills, "the load got through between the kills"

    for issue_id in load.acknowledged:
        assert server.call("GET", f"/issue-status/{issue_id}").status == 200
    wanted = set(load.acknowledged.values())

    def all_mailed() -> bool:
        return wanted <= {to for to, _, _ in sink.taken}

    wait_for(all_mailed, "every confirmation", 120)
    assert server.stop() == 0
    with sqlite3.connect(server.data / "quadrangle.db") as database:
        changes = Counter(
            row[0]
            for row in database.execute("SELECT subject FROM changes WHERE kind = 'issue.reported'")
        )
    assert all(changes[issue_id] == 1 for issue_id in load.acknowledged)
    sent = Counter(message_id for to, message_id, _ in sink.taken if to in wanted)
    assert len(sent) == len(wanted), "one mail per report, whatever was repeated"
    repeated = sum(sent.values()) - len(sent)
    assert repeated <= kills * 16, "only mails under way at a kill may come twice"
    assert server.command("check").returncode == 0


def test_without_a_kill_each_mail_arrives_exactly_once(make_server, sink):
    server = make_server(QUADRANGLE_SMTP_URL=f"smtp://127.0.0.1:{sink.port}").start()
    addresses = [f"reporter-{n}@campus.example" for n in range(40)]
    for address in addresses:
        server.report(email=address)
    expected = Counter(addresses + ["admin@campus.example"] * 40)
    wait_for(lambda: len(sink.taken) >= 80, "all mails", 60)
    server.stop()
    assert Counter(to for to, _, _ in sink.taken) == expected


def test_a_graceful_stop_finishes_what_it_was_handed(make_server):
    server = make_server().start()
    load = Load(server)
    load.start()
    time.sleep(1)
    code = server.stop()
    load.stop()
    assert code == 0
    server.start()
    assert load.acknowledged
    for issue_id in load.acknowledged:
        assert server.call("GET", f"/issue-status/{issue_id}").status == 200


def test_a_killed_server_leaves_no_worker_behind(make_server):
    server = make_server().start()
    assert server.process is not None

    def children() -> list[int]:
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    command = Path(f"/proc/{entry}/cmdline").read_bytes()
                    environment = Path(f"/proc/{entry}/environ").read_bytes()
                except OSError:
                    continue
                if b"worker" in command and f"PORT={server.port}".encode() in environment:
                    found.append(int(entry))
        return found

    wait_for(children, "the worker to run")
    os.kill(server.process.pid, signal.SIGKILL)  # the server alone
    server.process.wait()
    wait_for(lambda: not children(), "the worker to end with its server")


def test_a_killed_worker_is_started_again(make_server, sink):
    server = make_server(QUADRANGLE_SMTP_URL=f"smtp://127.0.0.1:{sink.port}").start()
    assert server.process is not None
    path = f"/proc/{server.process.pid}/task/{server.process.pid}/children"
    children = wait_for(lambda: Path(path).read_text().split(), "the worker to run")
    os.kill(int(children[0]), signal.SIGKILL)
    server.report(email="ada@campus.example")
    wait_for(lambda: any(to == "ada@campus.example" for to, _, _ in sink.taken), "the mail", 60)
