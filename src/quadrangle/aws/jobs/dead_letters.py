"""Jobs that wait for a person, in the dead-letter queues."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import structlog

from quadrangle.aws.jobs.jobs import AwsJobs
from quadrangle.aws.jobs.messages import decode
from quadrangle.aws.jobs.queues import Incoming, Queues
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, NotFound, Unavailable
from quadrangle.kernel.jobs import DeadJob, NewJob
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor

log = structlog.get_logger(__name__)

# A list reads all of a queue, as SQS gives messages in no order. It takes seconds for this many,
# well within what API Gateway waits; should more wait, a person sees so many of them.
MOST_READ = 1000
HOLD_S = 30  # how long messages are kept from others should their reader break off
NOT_OURS = "?"  # the function of a message that is not a job
BROKE_OFF = "The function was handed this job again and again, and no run of it came to an end."
_NOT_DEAD = "There is no such job among those that failed."

_Text = Annotated[str, msgspec.Meta(max_length=100)]
_Position = tuple[_Text, _Text]  # failed_at and job_id of the last one shown


def bury(queues: Queues, dead_url: str, body: str, dead: tuple[str, int, datetime]) -> None:
    """Put a message among the dead letters: why, after how many attempts, and when."""
    error, attempts, failed_at = dead
    attributes = {"error": error, "attempts": str(attempts), "failedAt": to_text(failed_at)}
    queues.send(dead_url, body, attributes)


class SqsDeadLetters:
    """Implements kernel.jobs.DeadLetters over the queue of dead letters.

    Whoever reads it keeps its messages from others for that moment: of two people who look at
    once, one may see only some, and acting on the others is NotFound; a second try shows all. The
    count is SQS's, which is right about a minute after the last change. A named job that runs just
    now is not known here, so a requeue meets Conflict only while a newer one of its name waits.
    """

    def __init__(self, queues: Queues, url: str, jobs: AwsJobs) -> None:
        self._queues = queues
        self._url = url
        self._jobs = jobs

    async def list(self, limit: int, cursor: str | None) -> Page[DeadJob]:
        before = None if cursor is None else decode_cursor(cursor, _Position)
        with self._held() as messages:
            dead = [_dead_job(message) for message in messages.values()]
        found = sorted(dead, key=_position, reverse=True)
        if before is not None:
            found = [job for job in found if _position(job) < before]
        items = found[:limit]
        more = len(found) > limit
        return Page(items, encode_cursor(_position(items[-1])) if more else None)

    async def count(self) -> int:
        return self._queues.count(self._url)

    async def requeue(self, job_id: str) -> None:
        with self._held() as messages:
            message = _found(messages, job_id)
            job = decode(message.body)
            if job is None:
                raise Conflict("This message is not a job that can be run. Delete it instead.")
            if job.name is not None and await self._jobs.waits(job.name):
                raise Conflict(
                    "A newer job has taken the place of this one. Delete this one instead."
                )
            # first put, then deleted: should it break off here, the job is in both places
            await self._jobs.put(NewJob(job.function, job.payload, name=job.name))
            self._take_out(messages, message)

    async def delete(self, job_id: str) -> None:
        with self._held() as messages:
            self._take_out(messages, _found(messages, job_id))

    def _take_out(self, messages: "dict[str, Incoming]", message: Incoming) -> None:
        self._queues.delete(message)
        del messages[message.message_id]

    @contextmanager
    def _held(self) -> "Iterator[dict[str, Incoming]]":
        """Receive all messages, by id; those that are left in the dict are released at the end."""
        messages: dict[str, Incoming] = {}
        try:
            while len(messages) < MOST_READ:
                received = self._queues.receive(self._url, HOLD_S)
                if not received:
                    break
                messages.update({each.message_id: each for each in received})
            yield messages
        finally:
            self._release(list(messages.values()))

    def _release(self, messages: Sequence[Incoming]) -> None:
        try:
            self._queues.release(self._url, [each.handle for each in messages])
        except Unavailable as error:
            log.warning("dead letters stay hidden a while", seconds=HOLD_S, cause=repr(error))


def _found(messages: dict[str, Incoming], job_id: str) -> Incoming:
    if job_id not in messages:
        raise NotFound(_NOT_DEAD)
    return messages[job_id]


def _dead_job(message: Incoming) -> DeadJob:
    """Read a dead letter. One that SQS itself moved here has no attributes: its last run broke
    off, so nobody noted an error, and 0 attempts stands for a number that is not known."""
    job = decode(message.body)
    noted = message.attributes
    sent = datetime.fromtimestamp(message.sent_ms / 1000, UTC)
    return DeadJob(
        message.message_id,
        NOT_OURS if job is None else job.function,
        {"message": message.body} if job is None else job.payload,
        int(noted.get("attempts", 0)),
        noted.get("error", BROKE_OFF),
        from_text(noted["failedAt"]) if "failedAt" in noted else sent,
    )


def _position(job: DeadJob) -> _Position:
    return (to_text(job.failed_at), job.job_id)
