"""Any order of puts, claims, ends, failures, deaths and cancels keeps the promises of names."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from quadrangle.kernel.jobs import NewJob, RetryPolicy, Verdict
from quadrangle.sql.base.instants import from_ms
from quadrangle.sql.jobs import leases
from quadrangle.sql.jobs.jobs import enqueue
from quadrangle.sql.jobs.leases import Claimed, JobOutcome, Turn
from quadrangle.sql.migrations import step_0001
from tests.properties import examples

NAMES = st.sampled_from(["a", "a", "b"])
LEASE_MS = 100
POLICY = RetryPolicy(max_attempts=3)


class Names(RuleBasedStateMachine):
    """Drives the table as several workers do; `versions` is what was put last under each name."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        self.connection: Connection = self.engine.connect()
        for statement in step_0001.statements("sqlite"):
            self.connection.exec_driver_sql(statement)
        self.now = 1_000
        self.puts = 0
        self.versions: dict[str, int] = {}  # of those whose last put has not ended yet
        self.held: list[Claimed] = []

    def teardown(self) -> None:
        self.connection.close()
        self.engine.dispose()

    @rule(name=NAMES, delay=st.sampled_from([0, 50]))
    def put_one(self, name: str, delay: int) -> None:
        self.put(name, delay)

    def put(self, name: str, delay: int) -> None:
        self.puts += 1
        self.versions[name] = self.puts
        job = NewJob("f", {"name": name, "version": self.puts}, from_ms(self.now + delay), name)
        enqueue(self.connection, from_ms(self.now), job)

    @rule(by=st.integers(1, 150))
    def wait(self, by: int) -> None:
        self.now += by

    @rule(name=NAMES)
    def put_and_claim(self, name: str) -> None:
        self.put(name, 0)
        self.claim(3)

    @rule(limit=st.integers(1, 3))
    def claim_some(self, limit: int) -> None:
        self.claim(limit)

    def claim(self, limit: int) -> None:
        self.held += self._turn(limit)

    @precondition(lambda self: self.held)
    @rule()
    def renew(self) -> None:
        self._turn(0, renew=self.held)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def succeed(self, data: st.DataObject) -> None:
        self._end(data, lambda job: leases.Done(job.job_id, job.lease))

    @precondition(lambda self: self.held)
    @rule(data=st.data(), wait=st.integers(0, 50), counted=st.booleans())
    def fail(self, data: st.DataObject, wait: int, counted: bool) -> None:
        verdict = Verdict("failed", timedelta(milliseconds=wait), counted)
        self._end(data, lambda job: leases.judged(job, verdict, self.now))

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        self._end(data, lambda job: leases.judged(job, Verdict("never"), self.now))

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        self._end(data, leases.given_back)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def die(self, data: st.DataObject) -> None:
        """The worker is gone: what it held is only heard of when the lease expires."""
        self.held.remove(data.draw(st.sampled_from(self.held)))

    def _end(self, data: st.DataObject, outcome: Callable[[Claimed], JobOutcome]) -> None:
        job = data.draw(st.sampled_from(self.held))
        self.held.remove(job)
        mine = any((row.job_id, row.lease) == (job.job_id, job.lease) for row in self._rows())
        before = self._rows()
        leases.settle(self.connection, [outcome(job)])
        if not mine:
            assert self._rows() == before, "a late worker changed something"
        elif isinstance(outcome(job), leases.Done):
            payload = msgspec.json.decode(job.payload)
            if self.versions.get(payload["name"]) == payload["version"]:
                del self.versions[payload["name"]]

    def _turn(self, claim: int, renew: Sequence[Claimed] = ()) -> list[Claimed]:
        turn = Turn((), renew, claim, LEASE_MS)
        turned = leases.take_turn(self.connection, self.now, turn, lambda _: POLICY)
        self.held = [job for job in self.held if job not in turned.lost]
        assert all(job.run_at <= self.now for job in turned.claimed)
        return turned.claimed

    def _rows(self) -> list[Any]:
        return list(self.connection.exec_driver_sql("SELECT * FROM jobs ORDER BY job_id"))

    @invariant()
    def what_was_put_last_is_never_lost(self) -> None:
        stored = {msgspec.json.decode(row.payload)["version"] for row in self._rows()}
        assert set(self.versions.values()) <= stored

    @invariant()
    def at_most_one_of_a_name_waits(self) -> None:
        waiting = Counter(row.name for row in self._rows() if row.state == "ready")
        assert set(waiting.values()) <= {1}

    @invariant()
    def a_lease_is_held_by_leased_jobs_only(self) -> None:
        for row in self._rows():
            assert (row.state == "leased") == (row.lease is not None)
            assert (row.state == "leased") == (row.leased_until is not None)
            assert (row.state == "dead") == (row.failed_at is not None)


Names.TestCase.settings = settings(max_examples=examples(40), stateful_step_count=50)
TestNames = Names.TestCase
