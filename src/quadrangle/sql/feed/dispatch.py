"""Hands every change on: to projections, one of which calls reactions.

Each consumer of the feed has a cursor of its own, which moves in the transaction that saves what it
made of the changes. So whatever fails, no change is passed by and none counts twice. Those that
have come equally far, as all have but after failures, share one reading and one transaction for
each batch.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection

from quadrangle.kernel.change import Change, Reaction, function_of, handler_of
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import Handler
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.signal import Signal
from quadrangle.sql.feed import feed
from quadrangle.sql.feed.consumers import Batch, Projection, Reactions
from quadrangle.sql.jobs.pulse import Pulse
from quadrangle.sql.jobs.waiting import (
    CONTENDED_S,
    SAFETY_S,
    LookPace,
    backoff_s,
    set_when,
    wait_for,
)

log = structlog.get_logger(__name__)

MAX_BATCH = 500
FIRST_BATCH = 50
LEAST_BATCH = 10
# One process writes at a time: a batch takes about so much processor time, then requests have
# their turn. (Not time on the clock: on a busy machine that says little about the batch, and small
# batches would make it busier.)
BATCH_S = 0.006
# While others wait to write, a batch is followed by a pause of so many times that.
COURTESY = 4
# Under a stream of changes, so many come together that a batch is worth its reading and its commit.
LOOK_PAUSE_S = 0.02


class Dispatcher:
    """Follows the change feed of one database for all reactions and projections.

    Several may run at once, in several processes: the first to move a cursor wins the batch.
    `batches` do what some of the reactions do. `pulse` notices when the loop hangs. `signal` tells
    of changes, where they are not written to `database` itself.
    """

    def __init__(
        self,
        database: Database,
        reactions: Sequence[Reaction],
        projections: Sequence[Projection],
        clock: Clock,
        pulse: Pulse | None = None,
        batches: Sequence[Batch] = (),
        signal: Signal | None = None,
    ) -> None:
        self._database = database
        self._signal = signal or database.signal
        self._reactions = {function_of(reaction): reaction for reaction in reactions}
        if len(self._reactions) < len(reactions):
            raise ValueError("Two reactions have the same name.")
        self._consumers = [Reactions(reactions, batches, clock), *projections]
        if len({consumer.name for consumer in self._consumers}) < len(self._consumers):
            raise ValueError("Two consumers of the change feed have the same name.")
        self._failing: dict[str, _Failure] = {}
        self._limit = FIRST_BATCH
        self._wake = asyncio.Event()
        self._pulse = pulse
        self._comes_round: Callable[[], None] = lambda: None

    def handlers(self) -> dict[str, Handler]:
        """Return the worker's handlers of the jobs that reactions become."""
        return {name: handler_of(reaction) for name, reaction in self._reactions.items()}

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the feed until `stop` is set; while the database is away, wait and go on."""
        await self._signal.listen(self._wake.set)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(set_when(stop, self._wake))
            tasks.create_task(self._follow(stop))

    async def catch_up(self) -> int:
        """Hand on all there is now and return how many changes that were, over all consumers.

        For tests and commands. Raises what a projection raises, and Unavailable.
        """
        self._failing.clear()
        total = await self._hand_on(asyncio.Event(), again=False)
        for failure in self._failing.values():
            raise failure.error
        return total

    async def _follow(self, stop: asyncio.Event) -> None:
        failures, pace = 0, LookPace(LOOK_PAUSE_S)
        if self._pulse is not None:
            self._comes_round = self._pulse.follow("changes")
        while not stop.is_set():
            self._comes_round()
            self._wake.clear()
            try:
                await self._hand_on(stop)
            except Unavailable as error:
                failures += 1
                cause = repr(error.__cause__ or error)
                log.warning("database away, changes wait", failures=failures, cause=cause)
                await wait_for(stop, backoff_s(failures))
                continue
            failures = 0
            await wait_for(self._wake, self._longest_wait_s())
            await pace.keep()

    def _longest_wait_s(self) -> float:
        now = time.monotonic()
        return min([SAFETY_S, *(failure.until - now for failure in self._failing.values())])

    async def _hand_on(self, stop: asyncio.Event, *, again: bool = True) -> int:
        """Hand on batch after batch; return how many changes until there are none, or `stop`.

        Whoever failed is tried `again` once it has rested.
        """
        total = 0
        while not stop.is_set():
            self._comes_round()
            now = time.monotonic() if again else 0.0
            ready = [c for c in self._consumers if not self._rests(c, now)]
            taken = await self._round(ready)
            if taken is None:
                break
            total += taken
        return total

    def _rests(self, consumer: Projection, now: float) -> bool:
        failure = self._failing.get(consumer.name)
        return failure is not None and failure.until > now

    async def _round(self, consumers: Sequence[Projection]) -> int | None:
        """Hand the next batches to all that have one; return how many changes those were, None
        when nobody has any left. Whoever fails holds up itself alone. Raises Unavailable."""
        try:
            taken = await self._step(consumers)
        except Exception as error:
            if len(consumers) > 1:
                return await self._each_alone(consumers)
            if isinstance(error, Unavailable):
                raise
            self._note_failure(consumers[0], error)
            return 0
        for consumer in consumers:
            self._failing.pop(consumer.name, None)
        return taken

    async def _each_alone(self, consumers: Sequence[Projection]) -> int:
        """As nothing was saved for any: each on its own shows who fails. Raises Unavailable when
        all do for that reason."""
        total, failed = 0, list[tuple[Projection, Exception]]()
        for consumer in consumers:
            try:
                total += await self._step([consumer]) or 0
            except Exception as error:
                failed.append((consumer, error))
            else:
                self._failing.pop(consumer.name, None)
        if len(failed) == len(consumers) and all(isinstance(e, Unavailable) for _, e in failed):
            raise failed[0][1]
        for consumer, error in failed:
            self._note_failure(consumer, error)
        return total

    def _note_failure(self, consumer: Projection, error: Exception) -> None:
        before = self._failing.get(consumer.name)
        count = 1 if before is None else before.count + 1
        until = time.monotonic() + backoff_s(count)
        self._failing[consumer.name] = _Failure(count, until, error)
        log.error(
            "projection failed, waits", consumer=consumer.name, failures=count, exc_info=error
        )

    async def _step(self, consumers: Sequence[Projection]) -> int | None:
        found = await self._database.read(lambda c: self._look(c, consumers))
        if not found:
            return None
        total = 0
        for batch in found:
            total += await self._save(batch)
        return total

    def _look(self, connection: Connection, consumers: Sequence[Projection]) -> "list[_Looked]":
        """Read the next changes of each place that some of them have come to, the furthest first,
        and have them looked at."""
        cursors = feed.cursors_of(connection, [consumer.name for consumer in consumers])
        by_place: dict[int, list[Projection]] = defaultdict(list)
        for consumer in consumers:
            by_place[cursors[consumer.name]].append(consumer)
        found: list[_Looked] = []
        for place in sorted(by_place, reverse=True):
            if changes := feed.read_after(connection, place, self._limit):
                parts = [_part(connection, each, changes) for each in by_place[place]]
                found.append(_Looked(place, changes, parts))
        return found

    async def _save(self, batch: "_Looked") -> int:
        asked = time.perf_counter()
        taken, began, took_s = await self._database.write(lambda c: _apply(c, batch))
        self._adapt(took_s, len(batch.changes))
        if began - asked > CONTENDED_S:
            await asyncio.sleep(COURTESY * took_s)
        return taken

    def _adapt(self, took_s: float, size: int) -> None:
        """Aim at batches of BATCH_S, whatever they cost on this machine."""
        if took_s > 1.5 * BATCH_S:
            self._limit = max(LEAST_BATCH, self._limit // 2)
        elif took_s < 0.75 * BATCH_S and size == self._limit:
            self._limit = min(MAX_BATCH, self._limit * 2)


class _Failure(msgspec.Struct, frozen=True):
    """How often a consumer failed in a row, by what at last, and until when it rests."""

    count: int
    until: float
    error: Exception


class _Part(msgspec.Struct, frozen=True):
    """The changes of a batch that one consumer wants, and what it made of them."""

    consumer: Any
    changes: Sequence[Change]
    looked: Any


class _Looked(msgspec.Struct, frozen=True):
    """A batch: what comes after `place`, for all that have come so far."""

    place: int
    changes: Sequence[Change]
    parts: Sequence[_Part]


def _part(connection: Connection, consumer: Projection, changes: Sequence[Change]) -> _Part:
    kinds = consumer.kinds
    wanted = [change for change in changes if kinds is None or change.kind in kinds]
    return _Part(consumer, wanted, consumer.look(connection, wanted) if wanted else None)


def _apply(connection: Connection, batch: _Looked) -> tuple[int, float, float]:
    """Apply a batch, but for consumers that another process has moved meanwhile.

    Returns how many changes were handed on, over all consumers, when that began, and how much
    processor time it took, in seconds.
    """
    began, before = time.perf_counter(), time.thread_time()
    cursors = feed.cursors_of(connection, [part.consumer.name for part in batch.parts])
    parts = [part for part in batch.parts if cursors[part.consumer.name] == batch.place]
    for part in parts:
        if part.changes:
            part.consumer.apply(connection, part.changes, part.looked)
    last = batch.changes[-1].seq
    feed.move_cursors(connection, [part.consumer.name for part in parts], last)
    return len(parts) * len(batch.changes), began, time.thread_time() - before
