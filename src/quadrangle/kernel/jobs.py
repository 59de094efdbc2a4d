"""Work to be done later, at least once: one-off schedules, queue messages, dead letters.

Shaped so that EventBridge Scheduler (`put` with `run_at`, `cancel`) and SQS with its dead-letter
queue (`put`, lease = visibility timeout, attempts) can stand behind it.
"""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from quadrangle.kernel.page import Page


class NewJob(msgspec.Struct, frozen=True):
    """A call to make: `function` names a registered handler, `payload` is its JSON argument.

    `run_at` None means now. With a `name`, at most one job of that name is pending: putting
    another replaces it.
    """

    function: str
    payload: dict[str, Any]
    run_at: datetime | None = None
    name: str | None = None


class Job(msgspec.Struct, frozen=True):
    """A claimed job as its handler sees it. `attempt` counts from 1."""

    job_id: int
    function: str
    payload: dict[str, Any]
    attempt: int
    run_at: datetime


class DeadJob(msgspec.Struct, frozen=True):
    """A job that used up its attempts and waits for a person."""

    job_id: int
    function: str
    payload: dict[str, Any]
    attempts: int
    last_error: str
    failed_at: datetime


class RetryLater(Exception):
    """A handler asks for another attempt after `delay`, without it counting as a failure."""

    def __init__(self, delay: timedelta, reason: str) -> None:
        self.delay = delay
        super().__init__(reason)


class GiveUp(Exception):
    """A handler says that trying again is of no use: the job goes to the dead letters."""


class Jobs(Protocol):
    """Puts and cancels work. Raises Unavailable when the engine cannot save it."""

    async def put(self, *jobs: NewJob) -> None: ...

    async def cancel(self, name: str) -> bool:
        """Remove the pending job of that name; False when there is none (run, or never put)."""
        ...


Handler = Callable[[Job], Awaitable[None]]


class RetryPolicy(msgspec.Struct, frozen=True):
    """How often and how soon a failed job is tried again."""

    max_attempts: int = 8
    first_delay_s: float = 2.0
    max_delay_s: float = 3600.0


def plan_retry(policy: RetryPolicy, attempt: int, jitter: float | None = None) -> timedelta | None:
    """Return the wait before the next attempt, or None when `attempt` was the last.

    Exponential backoff with equal jitter: half of the delay is fixed, half is random, so that jobs
    that failed together do not come back together. `jitter` in [0, 1) replaces the random part.
    """
    if attempt >= policy.max_attempts:
        return None
    delay = min(policy.max_delay_s, policy.first_delay_s * 2 ** (attempt - 1))
    share = random.random() if jitter is None else jitter  # noqa: S311 - not a secret
    return timedelta(seconds=delay / 2 + delay / 2 * share)


class DeadLetters(Protocol):
    """The jobs that wait for a person. Raises NotFound for an id that is not among them."""

    async def list(self, limit: int, cursor: str | None) -> Page[DeadJob]: ...

    async def count(self) -> int: ...

    async def requeue(self, job_id: int) -> None:
        """Have the job run again, with all its attempts before it."""
        ...

    async def delete(self, job_id: int) -> None: ...
