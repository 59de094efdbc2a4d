"""Runs due jobs: claims them with a lease, calls their handlers, and writes how they ended."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import (
    GiveUp,
    Handler,
    Job,
    RetryLater,
    RetryPolicy,
    judge,
    policies,
)
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.groups import Work
from quadrangle.sql.base.instants import from_ms, to_ms
from quadrangle.sql.jobs import leases
from quadrangle.sql.jobs.leases import Claimed, JobOutcome, Turn, Turned
from quadrangle.sql.jobs.waiting import (
    CONTENDED_S,
    SAFETY_S,
    LookPace,
    backoff_s,
    set_when,
    wait_for,
)

log = structlog.get_logger(__name__)

RENEWALS_PER_LEASE = 3
CANCEL_S = 3.0  # how long cancelled handlers may take to let go
# What is due cannot be claimed while someone outside holds its rows (PostgreSQL only).
BLOCKED_PAUSE_S = 0.25


class Worker:
    """Runs jobs of one database; any number of workers may do so, in any number of processes.

    A job runs at least once, and by one worker at a time as long as its handler lets the event loop
    turn often enough to renew the lease (every `lease_s` / 3). `policy` holds for all functions, or
    is given by function name. Clocks of several machines must agree to within a few seconds.
    `comes_round` is called in every round of the loop, so that somebody may notice when it hangs.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        clock: Clock,
        *,
        policy: RetryPolicy | Mapping[str, RetryPolicy] | None = None,
        concurrency: int = 16,
        lease_s: float = 30.0,
        comes_round: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._handlers = dict(handlers)
        self._clock = clock
        self._policy_of = policies(policy)
        self._concurrency = concurrency
        self._lease_ms = round(lease_s * 1000)
        self._comes_round = comes_round
        self._running: dict[asyncio.Task[None], Claimed] = {}
        self._stopped: set[asyncio.Task[None]] = set()  # those of them we cancelled
        self._ended: list[JobOutcome] = []  # not written yet
        self._wake = asyncio.Event()
        self._pace = LookPace()
        self._renew_at = 0
        self._next_run_at: int | None = None
        self._next_expiry: int | None = None
        self._blocked = False
        self._contended = False

    async def run(self, stop: asyncio.Event, *, grace_s: float = 10.0) -> None:
        """Run jobs when they are due until `stop` is set.

        Then nothing new is begun, running handlers have `grace_s` to end, and what is left is
        cancelled and its lease given back, so that another worker may begin it at once. While the
        database is away it waits and goes on.
        """
        await self._database.signal.listen(self._wake.set)
        watch = asyncio.create_task(set_when(stop, self._wake))
        clock = asyncio.get_running_loop().time
        try:
            await self._work(lambda: SAFETY_S if not stop.is_set() else 0, self._concurrency)
            deadline = clock() + grace_s
            await self._work(lambda: deadline - clock() if self._running else 0, 0)
        finally:
            watch.cancel()
            await self._let_go()

    async def run_due(self) -> int:
        """Run all that is due now, and all that becomes due by it; return the number of runs.

        For tests and commands: not to be used while `run` does the same. Raises Unavailable.
        """
        runs = 0
        try:
            while True:
                runs += await self._turn(self._concurrency)
                if self._running:
                    await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                elif not self._ended and not self._is_due(self._now(), self._concurrency):
                    return runs
        finally:
            await self._let_go()

    # -- the loop ---------------------------------------------------------------------------

    async def _work(self, seconds_left: Callable[[], float], concurrency: int) -> None:
        """Take turns while seconds are left, `concurrency` jobs at once; 0 begins none."""
        failures = 0
        while seconds_left() > 0:
            self._comes_round()
            self._wake.clear()
            try:
                await self._turn(concurrency)
            except Unavailable as error:
                failures += 1
                log.warning("database away, jobs wait", failures=failures, cause=_cause(error))
                await wait_for(self._wake, min(backoff_s(failures), seconds_left()))
                continue
            failures = 0
            await self._rest(seconds_left(), concurrency)

    async def _rest(self, longest_s: float, concurrency: int) -> None:
        """Wait until something ends, is due or was committed."""
        now = self._now()
        instants = [self._next_expiry]
        if len(self._running) < concurrency:
            instants.append(self._next_run_at)
        if self._running:
            instants.append(self._renew_at)
        waits = [(instant - now) / 1000 for instant in instants if instant is not None]
        least_s = BLOCKED_PAUSE_S if self._blocked else 0
        await wait_for(self._wake, max(least_s, min(longest_s, SAFETY_S, *waits)))
        if self._contended or not self._ended:
            await self._pace.keep()

    async def _turn(self, concurrency: int) -> int:
        """Write what ended, renew leases, claim and start what is due; return how many started."""
        now = self._now()
        free = max(0, concurrency - len(self._running))
        renew = list(self._running.values()) if now >= self._renew_at else []
        if not self._ended and not renew:
            await self._look()
            if not self._is_due(now, free):
                return 0
        turn = Turn(tuple(self._ended), renew, free, self._lease_ms)
        turned = await self._database.write(self._timed(turn))
        del self._ended[: len(turn.outcomes)]
        if renew or not self._running:
            self._renew_at = now + self._lease_ms // RENEWALS_PER_LEASE
        self._take(turned)
        self._blocked = not turned.claimed and self._can_claim(now, free)
        return len(turned.claimed)

    def _timed(self, turn: Turn) -> Work[Turned]:
        """Return the work of a turn, which notes whether others wrote before it."""
        asked = time.perf_counter()

        def work(connection: Connection) -> Turned:
            self._contended = time.perf_counter() - asked > CONTENDED_S
            return leases.take_turn(connection, self._now(), turn, self._policy_of)

        return work

    async def _look(self) -> None:
        """Read when the next job is due and the next lease expires: cheaper than a write."""
        loop, database = asyncio.get_running_loop(), self._database
        rows = await loop.run_in_executor(database.readers, database.query_here, leases.OUTLOOK, ())
        self._next_run_at, self._next_expiry = rows[0]
        self._blocked = False

    def _is_due(self, now: int, free: int) -> bool:
        expired = self._next_expiry is not None and self._next_expiry <= now
        return expired or self._can_claim(now, free)

    def _can_claim(self, now: int, free: int) -> bool:
        return free > 0 and self._next_run_at is not None and self._next_run_at <= now

    def _now(self) -> int:
        return to_ms(self._clock.now())

    # -- handlers ---------------------------------------------------------------------------

    def _take(self, turned: Turned) -> None:
        self._next_run_at, self._next_expiry = turned.next_run_at, turned.next_expiry
        for job_id in turned.superseded:
            log.info("job dropped for a newer one of its name", job_id=job_id)
        for task, job in self._running.items():
            if job in turned.lost:
                log.warning("lease lost, job stopped", job_id=job.job_id, function=job.function)
                self._stop_task(task)
        for job in turned.claimed:
            task = asyncio.create_task(self._call(job))
            self._running[task] = job
            task.add_done_callback(self._on_end)

    async def _call(self, claimed: Claimed) -> None:
        handler = self._handlers.get(claimed.function)
        if handler is None:
            raise GiveUp(f"This version of Quadrangle has no function “{claimed.function}”.")
        try:
            payload = msgspec.json.decode(claimed.payload, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise GiveUp("The payload of this job is not a JSON object.") from error
        run_at = from_ms(claimed.run_at)
        with structlog.contextvars.bound_contextvars(job_id=claimed.job_id):
            job_id = str(claimed.job_id)
            await handler(Job(job_id, claimed.function, payload, claimed.attempt, run_at))

    def _stop_task(self, task: asyncio.Task[None]) -> None:
        self._stopped.add(task)
        task.cancel()

    def _on_end(self, task: asyncio.Task[None]) -> None:
        job = self._running.pop(task)
        self._ended.append(self._outcome(job, task))
        self._stopped.discard(task)
        self._wake.set()

    def _outcome(self, job: Claimed, task: asyncio.Task[None]) -> JobOutcome:
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is None:
            return leases.Done(job.job_id, job.lease)
        if task in self._stopped:
            return leases.given_back(job)
        verdict = judge(self._policy_of(job.function), job.attempt, error)
        _log_failure(job, error, verdict.error, dead=verdict.wait is None)
        return leases.judged(job, verdict, self._now())

    async def _let_go(self) -> None:
        """Cancel what still runs and give the leases back.

        A handler that does not let go keeps its lease until it expires, so that no other worker
        begins its job beside it; so does every job when the database is away.
        """
        if self._running:
            for task in self._running:
                self._stop_task(task)
            await asyncio.wait(self._running, timeout=CANCEL_S)
        if not self._ended:
            return
        try:
            await self._turn(0)
        except Unavailable as error:
            log.warning("database away, leases expire by themselves", cause=_cause(error))


def _cause(error: Unavailable) -> str:
    return repr(error.__cause__ or error)


def _log_failure(job: Claimed, error: BaseException, text: str, *, dead: bool) -> None:
    fields = {"job_id": job.job_id, "function": job.function, "attempt": job.attempt}
    trace = None if isinstance(error, (GiveUp, RetryLater)) else error
    if dead:
        log.error("job failed for good", **fields, error=text, exc_info=trace)
    elif trace is None:
        log.info("job waits", **fields, reason=text)
    else:
        log.warning("job failed, will run again", **fields, error=text, exc_info=trace)
