"""What a worker does to the jobs table: claim, renew, end, take back, all within one transaction.

A claim marks due jobs with a random lease and the time it holds until, and counts the attempt, so
that one which ends with its worker's death is used up as well. Whoever ends a job names its lease:
once that was taken back it fits no row any more, and a late worker changes nothing.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, text

from quadrangle.kernel.jobs import RetryPolicy, Verdict
from quadrangle.sql.base.groups import wake_after_commit

EXPIRED_AT_ONCE = 100  # leases taken back per turn, so that the transaction stays short
WORKER_LOST = "The worker that ran this job ended before the job did."


class Claimed(msgspec.Struct, frozen=True):
    """A job this worker holds; `attempt` counts from 1, `run_at` is in ms since 1970."""

    job_id: int
    lease: str
    function: str
    payload: str
    attempt: int
    run_at: int


class Done(msgspec.Struct, frozen=True):
    """The job succeeded and is forgotten."""

    job_id: int
    lease: str


class Again(msgspec.Struct, frozen=True):
    """The job waits until `run_at`, with `attempts` used up. `error` None keeps the last one."""

    job_id: int
    lease: str
    run_at: int
    attempts: int
    error: str | None


class Dead(msgspec.Struct, frozen=True):
    """The job waits for a person."""

    job_id: int
    lease: str
    error: str
    failed_at: int


JobOutcome = Done | Again | Dead


def judged(job: Claimed, verdict: Verdict, now: int) -> Again | Dead:
    """Return what a verdict means for a job that ended at `now`."""
    if verdict.wait is None:
        return Dead(job.job_id, job.lease, verdict.error, now)
    run_at = now + round(verdict.wait.total_seconds() * 1000)
    attempts = job.attempt if verdict.counted else job.attempt - 1
    return Again(job.job_id, job.lease, run_at, attempts, verdict.error)


def given_back(job: Claimed) -> Again:
    """Return what becomes of a job its worker could not end: as if it had never been claimed."""
    return Again(job.job_id, job.lease, job.run_at, job.attempt - 1, None)


class Turn(msgspec.Struct, frozen=True):
    """What a worker wants done: `claim` new jobs at most, until `lease_ms` from now."""

    outcomes: Sequence[JobOutcome]
    renew: Sequence[Claimed]
    claim: int
    lease_ms: int


class Turned(msgspec.Struct, frozen=True):
    """What came of it. `lost` are the jobs whose lease is no longer ours, `superseded` the ids of
    those dropped for a newer one of their name; `next_…` say when to look again, in ms."""

    claimed: list[Claimed]
    lost: list[Claimed]
    superseded: list[int]
    next_run_at: int | None
    next_expiry: int | None


def take_turn(
    connection: Connection, now: int, turn: Turn, policy_of: Callable[[str], RetryPolicy]
) -> Turned:
    """Do all of a turn. Outcomes may be written again when it is not known whether they were saved.

    Own leases are renewed before expired ones are taken back, so that a worker that was held up
    keeps what nobody else has taken yet.
    """
    superseded = settle(connection, turn.outcomes)
    until = now + turn.lease_ms
    lost = [job for job in turn.renew if not renew(connection, job, until)]
    superseded += take_back(connection, now, policy_of)
    claimed = _claim(connection, now, until, turn.claim) if turn.claim > 0 else []
    next_run_at, next_expiry = connection.execute(text(OUTLOOK)).one()
    return Turned(claimed, lost, superseded, next_run_at, next_expiry)


# When there will be something to do: the first ready job and the first lease to expire.
OUTLOOK = """
SELECT
  (SELECT run_at FROM jobs WHERE state = 'ready' ORDER BY run_at, job_id LIMIT 1),
  (SELECT leased_until FROM jobs WHERE state = 'leased' ORDER BY leased_until LIMIT 1)
"""

# -- ending -------------------------------------------------------------------------------------

_DELETE = text("DELETE FROM jobs WHERE job_id = :job_id AND lease = :lease")
# A job put under the same name meanwhile speaks for this one: see kernel.jobs.NewJob.
_DROP_SUPERSEDED = text("""
DELETE FROM jobs WHERE job_id = :job_id AND lease = :lease AND name IS NOT NULL AND (
  EXISTS (SELECT 1 FROM jobs AS other WHERE other.name = jobs.name AND other.state = 'ready')
  OR EXISTS (SELECT 1 FROM jobs AS other WHERE other.name = jobs.name
    AND other.state = 'leased' AND other.job_id > jobs.job_id))
""")
_READY_AGAIN = text("""
UPDATE jobs SET state = 'ready', run_at = :run_at, attempts = :attempts, lease = NULL,
  leased_until = NULL, last_error = COALESCE(:error, last_error)
WHERE job_id = :job_id AND lease = :lease
""")
_BURY = text("""
UPDATE jobs SET state = 'dead', failed_at = :failed_at, lease = NULL, leased_until = NULL,
  last_error = :error
WHERE job_id = :job_id AND lease = :lease
""")


def settle(connection: Connection, outcomes: Sequence[JobOutcome]) -> list[int]:
    """Write how jobs ended and return the ids of those dropped for a newer one of their name."""
    done = [_values(outcome) for outcome in outcomes if isinstance(outcome, Done)]
    if done:
        connection.execute(_DELETE, done)
    superseded = []
    for outcome in outcomes:
        if isinstance(outcome, Done):
            continue
        key = {"job_id": outcome.job_id, "lease": outcome.lease}
        if connection.execute(_DROP_SUPERSEDED, key).rowcount:
            superseded.append(outcome.job_id)
        elif isinstance(outcome, Dead):
            connection.execute(_BURY, _values(outcome))
        else:
            connection.execute(_READY_AGAIN, _values(outcome))
            wake_after_commit(connection)  # it may be due before what other workers wait for
    return superseded


def _values(outcome: JobOutcome) -> dict[str, Any]:
    return msgspec.structs.asdict(outcome)


# -- leases -------------------------------------------------------------------------------------

_RENEW = text("UPDATE jobs SET leased_until = :until WHERE job_id = :job_id AND lease = :lease")
_EXPIRED = text("""
SELECT job_id, lease, function, attempts FROM jobs
WHERE state = 'leased' AND leased_until <= :now ORDER BY leased_until LIMIT :limit
""")


def renew(connection: Connection, job: Claimed, until: int) -> bool:
    """Have a lease hold until then; False when it is no longer this worker's."""
    key = {"job_id": job.job_id, "lease": job.lease}
    return connection.execute(_RENEW, {**key, "until": until}).rowcount == 1


def take_back(
    connection: Connection, now: int, policy_of: Callable[[str], RetryPolicy]
) -> list[int]:
    """Take expired leases back; return the ids of jobs dropped for a newer one of their name."""
    expired = [_expired(row, now, policy_of) for row in _find_expired(connection, now)]
    return settle(connection, expired)


def _find_expired(connection: Connection, now: int) -> Sequence[Any]:
    return connection.execute(_EXPIRED, {"now": now, "limit": EXPIRED_AT_ONCE}).all()


def _expired(row: Any, now: int, policy_of: Callable[[str], RetryPolicy]) -> Again | Dead:
    """The lease was the wait, so the job is due at once, behind those that are due already."""
    if row.attempts >= policy_of(row.function).max_attempts:
        return Dead(row.job_id, row.lease, WORKER_LOST, now)
    return Again(row.job_id, row.lease, now, row.attempts, WORKER_LOST)


# -- claiming -----------------------------------------------------------------------------------

_SET = "SET state = 'leased', attempts = attempts + 1, leased_until = :until, lease = :lease"
DUE = """
SELECT job_id FROM jobs WHERE state = 'ready' AND run_at <= :now
ORDER BY run_at, job_id LIMIT :limit
"""
_COLUMNS = "job_id, lease, function, payload, attempts, run_at"
_CLAIM = {
    "sqlite": text(f"UPDATE jobs {_SET} WHERE job_id IN ({DUE}) RETURNING {_COLUMNS}"),
    # In a CTE, as PostgreSQL may run a subquery that locks more than once and pass the limit.
    "postgresql": text(
        f"WITH due AS MATERIALIZED ({DUE} FOR UPDATE SKIP LOCKED) "
        f"UPDATE jobs {_SET} WHERE job_id IN (SELECT job_id FROM due) RETURNING {_COLUMNS}"
    ),
}


_PICK = text(f"""
UPDATE jobs {_SET} WHERE job_id = (
  SELECT job_id FROM jobs
  WHERE state = 'ready' AND run_at <= :now AND function IN :functions
    AND (CAST(:name AS TEXT) IS NULL OR name = :name)
  ORDER BY run_at, job_id LIMIT 1)
RETURNING {_COLUMNS}
""").bindparams(bindparam("functions", expanding=True))


def pick(
    connection: Connection, now: int, until: int, functions: Collection[str], name: str | None
) -> Claimed | None:
    """Lease the job of some functions that is longest due, or the one of that name if it is due.

    In a write of its Database: of these only one runs at a time.
    """
    values = {"now": now, "until": until, "lease": secrets.token_hex(16), "name": name}
    row = connection.execute(_PICK, {**values, "functions": sorted(functions)}).first()
    return None if row is None else Claimed(*row)


def _claim(connection: Connection, now: int, until: int, limit: int) -> list[Claimed]:
    """Lease due jobs, the longest due first."""
    values = {"now": now, "until": until, "limit": limit, "lease": secrets.token_hex(16)}
    rows = connection.execute(_CLAIM[connection.dialect.name], values).all()
    return sorted((Claimed(*row) for row in rows), key=lambda job: (job.run_at, job.job_id))
