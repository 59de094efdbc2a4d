"""Jobs taken one at a time, by hosts of which each runs only some of them."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, text

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import GiveUp, Handler, Job, RetryPolicy, Verdict, judge, policies
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.instants import from_ms, to_ms
from quadrangle.sql.jobs import leases
from quadrangle.sql.jobs.leases import Claimed, JobOutcome

log = structlog.get_logger(__name__)
_WAITS = text("""
SELECT state, run_at, leased_until FROM jobs
WHERE name = :name AND state IN ('ready', 'leased') ORDER BY job_id DESC LIMIT 1
""")
_IS_DUE = text("""
SELECT 1 FROM jobs WHERE function = :function AND state = 'ready' AND run_at <= :now LIMIT 1
""")


class PickedJobs:
    """The jobs of one database, with the leases and attempts that `worker.Worker` has too.

    Whoever takes a job ends it, or gives it back, and keeps its lease until then.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        policy: RetryPolicy | Mapping[str, RetryPolicy] | None = None,
        lease: timedelta = timedelta(seconds=90),
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy_of = policies(policy)
        self.lease = lease

    async def take(self, functions: Collection[str], name: str | None = None) -> Claimed | None:
        """Return the job of these functions that is longest due, or of that name; None for none.

        Leases that have expired are taken back first: their jobs are due again.
        """
        now = self._now()

        def work(connection: Connection) -> Claimed | None:
            leases.take_back(connection, now, self._policy_of)
            return leases.pick(connection, now, self._until(now), functions, name)

        return await self._database.write(work)

    async def wait(self, name: str) -> timedelta | None:
        """Return how long until the job of a name can be taken; None when there is none."""
        row = await self._database.read(lambda c: c.execute(_WAITS, {"name": name}).first())
        if row is None:
            return None
        at = row.run_at if row.state == "ready" else row.leased_until
        return timedelta(milliseconds=max(0, at - self._now()))

    async def is_due(self, function: str) -> bool:
        """Tell whether a job of that function could be taken."""
        given = {"function": function, "now": self._now()}
        return await self._database.read(lambda c: c.execute(_IS_DUE, given).first()) is not None

    async def keep(self, job: Claimed) -> bool:
        """Have the lease go on from now; False when it is somebody else's by now."""
        until = self._until(self._now())
        return await self._database.write(lambda c: leases.renew(c, job, until))

    async def end(self, job: Claimed, error: BaseException | None) -> Verdict | None:
        """Write how a job ended; return what becomes of one that failed."""
        if error is None:
            await self._settle(leases.Done(job.job_id, job.lease))
            return None
        verdict = judge(self._policy_of(job.function), job.attempt, error)
        await self._settle(leases.judged(job, verdict, self._now()))
        return verdict

    async def give_back(self, job: Claimed) -> None:
        """Have a job be as if it had never been taken."""
        await self._settle(leases.given_back(job))

    async def _settle(self, outcome: JobOutcome) -> None:
        await self._database.write(lambda c: leases.settle(c, [outcome]))

    async def run_due(self, handlers: Mapping[str, Handler], most: int) -> int:
        """Run what is due of these functions, one after the other and no more than `most`.

        Each must be over well before the lease is. Return how many ran. Raises Unavailable.
        """
        for ran in range(most):
            job = await self.take(handlers.keys())
            if job is None:
                return ran
            error: Exception | None = None
            try:
                await handlers[job.function](job_of(job))
            except Exception as raised:
                error = raised
            verdict = await self.end(job, error)
            if verdict is not None:
                log.warning("job failed", function=job.function, error=verdict.error)
            if isinstance(error, Unavailable):
                return ran
        return most

    def _until(self, now: int) -> int:
        return now + round(self.lease.total_seconds() * 1000)

    def _now(self) -> int:
        return to_ms(self._clock.now())


def job_of(claimed: Claimed) -> Job:
    """Return a job as its handler sees it. Raises GiveUp."""
    try:
        payload = msgspec.json.decode(claimed.payload, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise GiveUp("The payload of this job is not a JSON object.") from error
    run_at = from_ms(claimed.run_at)
    return Job(str(claimed.job_id), claimed.function, payload, claimed.attempt, run_at)
