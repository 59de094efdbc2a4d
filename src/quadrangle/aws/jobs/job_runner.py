"""Runs the jobs of one queue: what a function of Lambda does with a batch of messages.

How a job ends, in terms of SQS:

| it… | the message |
|---|---|
| succeeds | is done with, so Lambda deletes it |
| fails and has attempts left | is replaced by a copy that comes after the wait and knows of it |
| asks for another attempt (RetryLater) | is replaced by a copy that knows what was used up before |
| did a part (GoOn) | is replaced by one that goes on there, with all attempts before it |
| gives up, or was the last attempt | is copied to the dead letters with its error, and done with |
| came before its time | is hidden until then, and reported |
| fails while a newer job of its name waits | is done with: the newer one speaks for it |

Attempts are counted as they begin, and not by how often SQS handed out a message: it counts also
what Lambda had no container for, or what lay behind a job that ended the container of all. Runs
that ended are in the message itself. One that broke off told nobody, so from the second time that a
message is handed out `begun` notes that its job begins; the first run that broke off is therefore
forgiven. A container that ends between sending a copy and Lambda's deleting the old message leaves
both: a job runs at least once.

Jobs of several kinds come in one queue, and none holds up the others: a call that has little time
left begins no more of them, and a job that broke off before runs when nothing else depends on its
end. What was done before it is deleted by us, what waits behind it is given back at once. Until
that is known of a job it has had its batch come again twice.
"""

import math
from collections.abc import Awaitable, Callable, Iterable, Mapping, Set
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from quadrangle.aws.jobs.begun import Begun
from quadrangle.aws.jobs.dead_letters import bury
from quadrangle.aws.jobs.messages import Message, decode, encode
from quadrangle.aws.jobs.queues import LONGEST_DELAY_S, Outgoing, Queues
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import (
    BatchHandler,
    GiveUp,
    GoOn,
    Handler,
    Job,
    RetryLater,
    RetryPolicy,
    Verdict,
    judge,
    policies,
)

log = structlog.get_logger(__name__)

# SQS hides a message for 12 hours at most, counted from when it was received.
LONGEST_HIDE_S = 11 * 3600
# Clocks differ a little: a message is not early for that.
EARLY = timedelta(seconds=1)
BROKEN_OFF = "The function that ran this job ended before the job did."
# Seconds that a job is begun with; most take a fraction of one.
ENOUGH_S = 20.0
NOT_A_JOB = "This message is not a job."
# Of a job that goes on in another call: reading 100 GB, a share each time. Lambda is told to let
# such loops be, so this is what ends one that would go round for ever.
MOST_PARTS = 10_000
ENDLESS = f"This job did not end in {MOST_PARTS} parts."

BatchAnswer = dict[str, list[dict[str, str]]]


class Received(msgspec.Struct, frozen=True):
    """A message as Lambda hands it over. `receives` counts from 1, this time included."""

    message_id: str
    handle: str
    body: str
    receives: int

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Received":
        receives = int(record["attributes"]["ApproximateReceiveCount"])
        return cls(record["messageId"], record["receiptHandle"], record["body"], receives)


class Route(msgspec.Struct, frozen=True):
    """The URLs of the queue jobs come from and of its dead letters."""

    queue_url: str
    dead_url: str


class _Batch:
    """Messages that were received together: those first that were never handed out before, as one
    of the others may be what ended its container."""

    def __init__(self, received: Iterable[Received]) -> None:
        self.waiting = sorted(received, key=lambda each: each.receives)
        self.ran = False
        self.done: list[Received] = []
        self.staying: list[Received] = []

    def next(self) -> Received:
        self.ran = True
        return self.waiting.pop(0)

    def have_done(self, message_ids: Set[str]) -> None:
        """Note that some of those that wait are done with."""
        self.ran = True
        self.done += [each for each in self.waiting if each.message_id in message_ids]
        self.waiting = [each for each in self.waiting if each.message_id not in message_ids]


class JobRunner:
    """Calls the handlers of one queue's jobs.

    `waits` tells whether a newer job of a name waits (AwsJobs.waits). `policy` holds for all
    functions, or is given by name. `together` does jobs of a function at once that are handed out
    together for the first time; when it fails, each is run by itself. `begun` notes that the job of
    a message begins, and returns how often it did. The queue's own maxReceiveCount must be far
    above the attempts of every function.
    """

    def __init__(
        self,
        queues: Queues,
        route: Route,
        handlers: Mapping[str, Handler],
        waits: Callable[[str], Awaitable[bool]],
        clock: Clock,
        begun: Begun,
        *,
        policy: RetryPolicy | Mapping[str, RetryPolicy] | None = None,
        together: Mapping[str, BatchHandler] | None = None,
    ) -> None:
        self._together = dict(together or {})
        self._queues = queues
        self._route = route
        self._handlers = dict(handlers)
        self._waits = waits
        self._clock = clock
        self._begun = begun
        self._policy_of = policies(policy)

    async def handle(
        self, event: Mapping[str, Any], time_left: Callable[[], float] = lambda: math.inf
    ) -> BatchAnswer:
        """Run a batch, one job after another; return which messages are to stay in the queue.

        `time_left` tells the seconds until AWS ends the call. The event source must be set to
        ReportBatchItemFailures.
        """
        batch = _Batch(map(Received.of, event["Records"]))
        await self._do_together(batch)
        while batch.waiting:
            if batch.ran and time_left() < ENOUGH_S:
                self._let_go(batch)
                break
            received = batch.next()
            (batch.done if await self._is_done(received, batch) else batch.staying).append(received)
        staying = [{"itemIdentifier": each.message_id} for each in batch.staying]
        return {"batchItemFailures": staying}

    async def _do_together(self, batch: "_Batch") -> None:
        """Run jobs at once where that can be."""
        for function, handler in self._together.items():
            jobs = [job for each in batch.waiting if (job := self._fresh(each, function))]
            if len(jobs) < 2:
                continue
            try:
                await handler(jobs)
            except Exception as error:
                log.warning("jobs failed together", function=function, n=len(jobs), exc_info=error)
            else:
                batch.have_done({job.job_id for job in jobs})

    def _fresh(self, received: Received, function: str) -> Job | None:
        """Return the job of a message that may be run with others: one that broke off or failed
        before is run by itself, as it may be what does so to all."""
        message = decode(received.body)
        if message is None or message.function != function:
            return None
        early = message.due - self._clock.now() > EARLY
        if early or received.receives > 1 or message.spent or message.name is not None:
            return None
        return Job(received.message_id, function, message.payload, 1, message.due)

    async def _is_done(self, received: Received, batch: "_Batch") -> bool:
        """Run one job; False when its message is to stay."""
        try:
            return await self._run(received, batch)
        except Unavailable as error:
            # neither copied nor hidden: it comes back when the queue's visibility timeout is over
            log.warning(
                "queue away, message comes back",
                message_id=received.message_id,
                cause=repr(error.__cause__ or error),
            )
            return False

    async def _run(self, received: Received, batch: "_Batch") -> bool:
        message = decode(received.body)
        if message is None:
            log.error("message is not a job", message_id=received.message_id)
            self._bury(received, NOT_A_JOB, received.receives)
            return True
        if message.due - self._clock.now() > EARLY:
            return self._wait_until_due(received, message)
        begun = 1 if received.receives == 1 else self._begun(received.message_id)
        attempt = message.spent + begun
        if attempt > self._policy_of(message.function).max_attempts:
            self._bury(received, BROKEN_OFF, attempt - 1)
            return True
        if begun > 1:
            self._let_go(batch)
        error = await self._call(received, message, attempt)
        if error is not None:
            await self._ended(received, message, attempt, error)
        return True

    def _let_go(self, batch: "_Batch") -> None:
        """Have a batch hold nothing more: what is done is deleted, and what waits goes back."""
        waiting, batch.waiting = batch.waiting, []
        batch.staying += waiting
        url = self._route.queue_url
        try:
            self._queues.delete_all(url, [each.handle for each in batch.done])
            self._queues.release(url, [each.handle for each in waiting])
        except Unavailable as error:
            log.warning("messages come back later", cause=repr(error.__cause__ or error))

    async def _call(self, received: Received, message: Message, attempt: int) -> Exception | None:
        handler = self._handlers.get(message.function)
        if handler is None:
            return GiveUp(f"This version of Quadrangle has no function “{message.function}”.")
        job = Job(received.message_id, message.function, message.payload, attempt, message.due)
        with structlog.contextvars.bound_contextvars(job_id=job.job_id):
            try:
                await handler(job)
            except Exception as error:
                return error
        return None

    async def _ended(
        self, received: Received, message: Message, attempt: int, error: Exception
    ) -> None:
        if isinstance(error, GoOn):
            self._go_on(received, message, error)
            return
        verdict = judge(self._policy_of(message.function), attempt, error)
        _log_failure(received, message, attempt, error, verdict)
        if message.name is not None and await self._waits(message.name):
            log.info("job dropped for a newer one of its name", job_id=received.message_id)
        elif verdict.wait is None:
            self._bury(received, verdict.error, attempt)
        else:
            due = self._clock.now() + verdict.wait
            spent = attempt if verdict.counted else attempt - 1
            self._copy(msgspec.structs.replace(message, run_at=to_text(due), spent=spent))

    def _wait_until_due(self, received: Received, message: Message) -> bool:
        if received.receives > 1:
            self._copy(message)  # kept for another 14 days: a wait may be longer than what is left
            return True
        wait_s = math.ceil((message.due - self._clock.now()).total_seconds())
        seconds = min(LONGEST_HIDE_S, wait_s)
        self._queues.hide(self._route.queue_url, received.handle, seconds)
        return False

    def _go_on(self, received: Received, message: Message, rest: GoOn) -> None:
        """Hand what is left of a job over to another call. Raises Unavailable: then this part is
        done again."""
        if message.part >= MOST_PARTS:
            self._bury(received, ENDLESS, 1)
            return
        log.info("job goes on", job_id=received.message_id, part=message.part)
        now, part = to_text(self._clock.now()), message.part + 1
        self._copy(
            msgspec.structs.replace(message, payload=rest.payload, run_at=now, spent=0, part=part)
        )

    def _copy(self, message: Message) -> None:
        wait_s = math.ceil((message.due - self._clock.now()).total_seconds())
        delay_s = min(LONGEST_DELAY_S, max(0, wait_s))
        copy = Outgoing(self._route.queue_url, encode(message), delay_s)
        if self._queues.send_all([copy]):
            raise Unavailable()

    def _bury(self, received: Received, error: str, attempts: int) -> None:
        dead = (error, attempts, self._clock.now())
        bury(self._queues, self._route.dead_url, received.body, dead)


def _log_failure(
    received: Received, message: Message, attempt: int, error: Exception, verdict: Verdict
) -> None:
    fields = {"job_id": received.message_id, "function": message.function, "attempt": attempt}
    trace = None if isinstance(error, (GiveUp, RetryLater)) else error
    if verdict.wait is None:
        log.error("job failed for good", **fields, error=verdict.error, exc_info=trace)
    elif trace is None:
        log.info("job waits", **fields, reason=verdict.error)
    else:
        log.warning("job failed, will run again", **fields, error=verdict.error, exc_info=trace)
