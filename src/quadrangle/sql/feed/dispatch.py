"""Hands every change on: to reactions as jobs, to projections within the same transaction.

Each consumer of the feed has a cursor of its own, which moves in the transaction that saves what it
made of the changes. So whatever fails, no change is passed by and none counts twice.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

import msgspec
import structlog
from sqlalchemy import Connection

from quadrangle.kernel.change import Change, Reaction, function_of, handler_of
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import Handler
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.instants import to_ms
from quadrangle.sql.base.signal import Signal
from quadrangle.sql.feed import feed
from quadrangle.sql.jobs.jobs import Row, insert_rows
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

REACTIONS = "reactions"  # the consumer that turns changes into jobs
MAX_BATCH = 500
FIRST_BATCH = 50
# One process writes at a time: a batch takes about this long, then requests have their turn.
BATCH_S = 0.003
# While others wait to write, a batch is followed by a pause of so many times its own length.
COURTESY = 4


class Projection(Protocol):
    """Keeps something up with the changes of some kinds, or of all: `kinds` None.

    `apply` runs in the transaction that moves the cursor `name`, so each change is applied exactly
    once, in order. It is short, and does nothing but SQL.
    """

    name: str
    # Whether it can begin again with the first change; if not, what it has lost stays lost.
    replays: bool

    @property
    def kinds(self) -> frozenset[str] | None: ...

    def apply(self, connection: Connection, changes: list[Change]) -> None: ...

    def clear(self, connection: Connection) -> None:
        """Forget all that was made of changes, where it replays."""
        ...


class Dispatcher:
    """Follows the change feed of one database for all reactions and projections.

    Several may run at once, in several processes: the first to move a cursor wins the batch.
    `pulse` notices when one of its loops hangs. `signal` tells of changes, where they are not
    written to `database` itself.
    """

    def __init__(
        self,
        database: Database,
        reactions: Sequence[Reaction],
        projections: Sequence[Projection],
        clock: Clock,
        pulse: Pulse | None = None,
        signal: Signal | None = None,
    ) -> None:
        self._signal = signal or database.signal
        self._reactions = {function_of(reaction): reaction for reaction in reactions}
        if len(self._reactions) < len(reactions):
            raise ValueError("Two reactions have the same name.")
        consumers: list[Projection] = [_ReactionJobs(self._reactions, clock), *projections]
        if len({consumer.name for consumer in consumers}) < len(consumers):
            raise ValueError("Two consumers of the change feed have the same name.")
        self._consumers = [_Consumer(database, consumer, pulse) for consumer in consumers]

    def handlers(self) -> dict[str, Handler]:
        """Return the worker's handlers of the jobs that reactions become."""
        return {name: handler_of(reaction) for name, reaction in self._reactions.items()}

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the feed until `stop` is set; while the database is away, wait and go on."""
        for consumer in self._consumers:
            await self._signal.listen(consumer.wake.set)
        wakes = [consumer.wake for consumer in self._consumers]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(set_when(stop, *wakes))
            for consumer in self._consumers:
                tasks.create_task(consumer.follow(stop))

    async def catch_up(self) -> int:
        """Hand on all there is now and return how many changes that were, over all consumers.

        For tests and commands. Raises what a projection raises, and Unavailable.
        """
        return sum([await consumer.catch_up() for consumer in self._consumers])


class _ReactionJobs:
    """The projection that turns each change into a job per reaction to it."""

    name = REACTIONS
    replays = False

    def __init__(self, reactions: Mapping[str, Reaction], clock: Clock) -> None:
        self._clock = clock
        self._reactions = dict(reactions)
        self.kinds = _all_kinds(reactions.values())

    def apply(self, connection: Connection, changes: list[Change]) -> None:
        now = to_ms(self._clock.now())
        rows: list[Row] = []
        for change in changes:
            payload = msgspec.json.encode(change).decode()
            for function, reaction in self._reactions.items():
                if reaction.answers_to(change):
                    rows.append((function, payload, now, None))
        if rows:
            insert_rows(connection, rows)

    def clear(self, connection: Connection) -> None:
        """Jobs that were made stay."""


def _all_kinds(reactions: Iterable[Reaction]) -> frozenset[str] | None:
    """Return every kind that one of them answers to, None when that is any."""
    kinds: set[str] = set()
    for reaction in reactions:
        if reaction.kinds is None:
            return None
        kinds |= reaction.kinds
    return frozenset(kinds)


class _Consumer:
    """Moves one projection along the feed."""

    def __init__(
        self, database: Database, projection: Projection, pulse: Pulse | None = None
    ) -> None:
        self._pulse = pulse
        self._comes_round: Callable[[], None] = lambda: None
        self._database = database
        self._projection = projection
        self._limit = FIRST_BATCH
        self.wake = asyncio.Event()

    async def follow(self, stop: asyncio.Event) -> None:
        failures, pace = 0, LookPace()
        if self._pulse is not None:
            self._comes_round = self._pulse.follow(f"consumer {self._projection.name}")
        while not stop.is_set():
            self._comes_round()
            self.wake.clear()
            try:
                await self.catch_up(stop)
            except Exception as error:
                # Whatever a projection raises stops only itself: nothing of the batch was saved.
                failures += 1
                _log_failure(self._projection.name, failures, error)
                await wait_for(stop, backoff_s(failures))
                continue
            failures = 0
            await wait_for(self.wake, SAFETY_S)
            await pace.keep()

    async def catch_up(self, stop: asyncio.Event | None = None) -> int:
        """Hand on batch after batch; return how many changes until there are none, or `stop`."""
        total = 0
        while stop is None or not stop.is_set():
            self._comes_round()
            taken = await self._step()
            if taken is None:
                break
            total += taken
        return total

    async def _step(self) -> int | None:
        """Hand on one batch and return its size; None when there are no changes left."""
        position, batch = await self._database.read(self._next)
        if not batch:
            return None
        asked = time.perf_counter()
        taken, began, ended = await self._database.write(lambda c: self._apply(c, position, batch))
        self._adapt(ended - began, taken)
        if began - asked > CONTENDED_S:
            await asyncio.sleep(COURTESY * (ended - began))
        return taken

    def _next(self, connection: Connection) -> tuple[int, list[Change]]:
        position = feed.cursor_of(connection, self._projection.name)
        return position, feed.read_after(connection, position, self._limit)

    def _apply(
        self, connection: Connection, position: int, batch: list[Change]
    ) -> tuple[int, float, float]:
        """Apply a batch read at `position`, unless another process has been here meanwhile.

        Returns how many changes were handed on, and when that began and ended, in seconds.
        """
        began = time.perf_counter()
        if feed.cursor_of(connection, self._projection.name) != position:
            return 0, began, began
        kinds = self._projection.kinds
        wanted = [change for change in batch if kinds is None or change.kind in kinds]
        if wanted:
            self._projection.apply(connection, wanted)
        feed.move_cursor(connection, self._projection.name, batch[-1].seq)
        return len(batch), began, time.perf_counter()

    def _adapt(self, took_s: float, size: int) -> None:
        """Aim at batches of BATCH_S, whatever this projection costs on this machine."""
        if took_s > 1.5 * BATCH_S:
            self._limit = max(10, self._limit // 2)
        elif took_s < BATCH_S / 2 and size == self._limit:
            self._limit = min(MAX_BATCH, self._limit * 2)


def _log_failure(name: str, failures: int, error: Exception) -> None:
    if isinstance(error, Unavailable):
        cause = repr(error.__cause__ or error)
        log.warning("database away, changes wait", consumer=name, failures=failures, cause=cause)
    else:
        log.error("projection failed, waits", consumer=name, failures=failures, exc_info=error)
