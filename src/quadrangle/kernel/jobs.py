"""Work to be done later, at least once: one-off schedules, queue messages, dead letters.

Shaped so that EventBridge Scheduler (`put` with `run_at`, `cancel`) and SQS with its dead-letter
queue (`put`, lease = visibility timeout, attempts) can stand behind it.
"""

import random
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from quadrangle.kernel.page import Page


class NewJob(msgspec.Struct, frozen=True):
    """A call to make: `function` names a registered handler, `payload` is its JSON argument.

    `run_at` None means now. With a `name`, at most one job of that name waits: putting another
    replaces it. A job that already runs is not stopped by its replacement, and the two may run at
    once; but when it fails it is not tried again, as the replacement speaks for it.
    """

    function: str
    payload: dict[str, Any]
    run_at: datetime | None = None
    name: str | None = None


class Job(msgspec.Struct, frozen=True):
    """A claimed job as its handler sees it. `attempt` counts from 1, `job_id` is the engine's."""

    job_id: str
    function: str
    payload: dict[str, Any]
    attempt: int
    run_at: datetime


class DeadJob(msgspec.Struct, frozen=True):
    """A job that used up its attempts and waits for a person."""

    job_id: str
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


class GoOn(Exception):
    """A handler did a part of its job: what is left is done by a call of its own, with `payload`
    and all attempts before it. Only engines of hosts where calls must be short know of it."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload
        super().__init__("The job goes on in another call.")


class Jobs(Protocol):
    """Puts and cancels work. Raises Unavailable when the engine cannot save it."""

    async def put(self, *jobs: NewJob) -> None: ...

    async def cancel(self, name: str) -> bool:
        """Remove the waiting job of that name; False when there is none (runs, ran, or never put).

        A job that already runs is not stopped.
        """
        ...


Handler = Callable[[Job], Awaitable[None]]
# Does several jobs of a function at once. All are done or none: after an error each is run alone.
BatchHandler = Callable[[Sequence[Job]], Awaitable[None]]


class RetryPolicy(msgspec.Struct, frozen=True):
    """How often and how soon a failed job is tried again."""

    max_attempts: int = 8
    first_delay_s: float = 2.0
    max_delay_s: float = 3600.0


def policies(
    policy: RetryPolicy | Mapping[str, RetryPolicy] | None,
) -> Callable[[str], RetryPolicy]:
    """Return how to find a function's policy, from one for all of them or one by name."""
    default = policy if isinstance(policy, RetryPolicy) else RetryPolicy()
    by_name = policy if isinstance(policy, Mapping) else {}
    return lambda function: by_name.get(function, default)


_MAX_DOUBLINGS = 64  # far past any max_delay_s, and still a float


def plan_retry(policy: RetryPolicy, attempt: int, jitter: float | None = None) -> timedelta | None:
    """Return the wait before the next attempt, or None when `attempt` was the last.

    Exponential backoff with equal jitter: half of the delay is fixed, half is random, so that jobs
    that failed together do not come back together. `jitter` in [0, 1) replaces the random part.
    """
    if attempt >= policy.max_attempts:
        return None
    doublings = min(attempt - 1, _MAX_DOUBLINGS)
    delay = min(policy.max_delay_s, policy.first_delay_s * 2**doublings)
    share = random.random() if jitter is None else jitter  # noqa: S311 - not a secret
    return timedelta(seconds=delay / 2 + delay / 2 * share)


class Verdict(msgspec.Struct, frozen=True):
    """What becomes of a job that did not succeed, whatever runs it.

    `wait` None: it goes to the dead letters. `counted` False: this attempt is not used up.
    """

    error: str
    wait: timedelta | None = None
    counted: bool = True


def judge(
    policy: RetryPolicy, attempt: int, error: BaseException, jitter: float | None = None
) -> Verdict:
    """Decide after attempt number `attempt` (from 1) of a job ended with `error`."""
    text = error_text(error)
    if isinstance(error, GiveUp):
        return Verdict(text)
    if isinstance(error, RetryLater):
        return Verdict(text, max(error.delay, timedelta(0)), counted=False)
    return Verdict(text, plan_retry(policy, attempt, jitter))


MAX_ERROR = 500  # characters of an error that are kept
# What may stand in a message of a library although it must not be shown: passwords in URLs,
# credentials in headers, and values named like secrets.
_SECRETS = (
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), r"\1***@"),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), r"\1 ***"),
    (
        re.compile(
            r"((?:password|passwd|pwd|secret|token|api[-_]?key|authorization)[\"']?\s*[=:]\s*[\"']?)"
            r"(?!bearer\b|basic\b)[^\s\"',;&)]+",
            re.IGNORECASE,
        ),
        r"\1***",
    ),
)


def error_text(error: BaseException) -> str:
    """Return what staff may read of an error: its type and message on one line, without secrets.

    At most MAX_ERROR characters, all of them fit to be stored. A message of GiveUp or RetryLater
    is a sentence of ours and stands alone.
    """
    message = str(error).encode(errors="replace").decode()
    message = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    for pattern, replacement in _SECRETS:
        message = pattern.sub(replacement, message)
    if not message or not isinstance(error, (GiveUp, RetryLater)):
        name = type(error).__name__
        message = f"{name}: {message}" if message else name
    return message if len(message) <= MAX_ERROR else message[: MAX_ERROR - 1] + "…"


class DeadLetters(Protocol):
    """The jobs that wait for a person, last failed first.

    Raises NotFound for an id that is not among them, Unavailable when the engine is away.
    """

    async def list(self, limit: int, cursor: str | None) -> Page[DeadJob]: ...

    async def count(self) -> int: ...

    async def requeue(self, job_id: str) -> None:
        """Have the job run again, with all its attempts before it.

        Raises Conflict when a newer job of its name waits or runs.
        """
        ...

    async def delete(self, job_id: str) -> None: ...
