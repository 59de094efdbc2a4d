"""What meetings stand on in these tests: real stores, a real change feed, real jobs."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import text

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.jobs import Handler, Jobs, NewJob, RetryPolicy
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.ports import (
    LaunchTimes,
    MeetingStore,
    PresenceStore,
    ReapLog,
    ReapMarks,
    Tickets,
)
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.instants import to_ms
from quadrangle.sql.feed import feed
from quadrangle.sql.feed.dispatch import Dispatcher
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.jobs.worker import Worker
from quadrangle.sql.meetings.launch_times import SqlLaunchTimes
from quadrangle.sql.meetings.presence import SqlPresenceStore
from quadrangle.sql.meetings.reap_log import SqlReapLog
from quadrangle.sql.meetings.reap_marks import SqlReapMarks
from quadrangle.sql.meetings.store import SqlMeetingStore
from quadrangle.sql.meetings.tickets import SqlTickets

# Nothing is given up in these tests, so that only what is dropped on purpose is dropped.
POLICY = RetryPolicy(max_attempts=1_000, first_delay_s=1, max_delay_s=5)


class Ground:
    """The stores and the engine; `work` does all that is due now."""

    store: MeetingStore
    presence: PresenceStore
    tickets: Tickets
    launch_times: LaunchTimes
    marks: ReapMarks
    reaped: ReapLog
    jobs: Jobs

    def register(self, reactions: Sequence[Reaction], handlers: Mapping[str, Handler]) -> None:
        raise NotImplementedError

    async def work(self) -> None:
        raise NotImplementedError

    async def waiting(self) -> list[str]:
        """Return the names of the jobs that wait."""
        raise NotImplementedError

    async def due(self) -> list[str]:
        """Return the names of those that are due."""
        raise NotImplementedError

    async def drop(self, name: str) -> None:
        """Have a job that waits get lost."""
        raise NotImplementedError

    async def changes(self) -> list[Change]:
        raise NotImplementedError

    def peek(self, meeting_id: str) -> Meeting | None:
        """Return a meeting as it stands, past all that the service goes through."""
        raise NotImplementedError

    def ids(self) -> list[str]:
        """Return the ids of all meetings, oldest first."""
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


class SqlGround(Ground):
    """On a migrated SQLite database at `path`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        self._database = Database(f"sqlite:///{path}", flush=False)
        self.store = SqlMeetingStore(self._database)
        self.presence = SqlPresenceStore(self._database)
        self.tickets = SqlTickets(self._database)
        self.launch_times = SqlLaunchTimes(self._database)
        self.marks = SqlReapMarks(self._database)
        self.reaped = SqlReapLog(self._database)
        self.jobs = SqlJobs(self._database, clock)
        self._peeking = sqlite3.connect(path, isolation_level=None)

    def register(self, reactions: Sequence[Reaction], handlers: Mapping[str, Handler]) -> None:
        self._dispatcher = Dispatcher(self._database, reactions, [], self._clock)
        every = {**self._dispatcher.handlers(), **handlers}
        policy = dict.fromkeys(every, POLICY)
        self._worker = Worker(self._database, every, self._clock, policy=policy, concurrency=1)

    async def work(self) -> None:
        while await self._dispatcher.catch_up() + await self._worker.run_due():
            pass

    async def waiting(self) -> list[str]:
        query = text("SELECT name FROM jobs WHERE name IS NOT NULL ORDER BY name")
        return list(await self._database.read(lambda c: c.execute(query).scalars().all()))

    async def due(self) -> list[str]:
        query = text("SELECT name FROM jobs WHERE name IS NOT NULL AND run_at <= :now")
        now = {"now": to_ms(self._clock.now())}
        return list(await self._database.read(lambda c: c.execute(query, now).scalars().all()))

    async def drop(self, name: str) -> None:
        await self.jobs.cancel(name)

    def peek(self, meeting_id: str) -> Meeting | None:
        query = "SELECT body FROM meetings WHERE id = ?"
        row = self._peeking.execute(query, (meeting_id,)).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Meeting)

    def ids(self) -> list[str]:
        return [row[0] for row in self._peeking.execute("SELECT id FROM meetings ORDER BY rowid")]

    async def changes(self) -> list[Change]:
        return await self._database.read(lambda c: feed.read_after(c, 0, 1_000_000))

    async def close(self) -> None:
        self._peeking.close()
        await self._database.close()


class Stumbling:
    """Stands before a store's writes, where the process may end just before and just after."""

    def __init__(self, store: MeetingStore, step) -> None:
        self._store = store
        self._step = step

    def __getattr__(self, name: str):
        return getattr(self._store, name)

    async def add(self, *arguments, **named) -> None:
        self._step()
        await self._store.add(*arguments, **named)
        self._step()

    async def save(self, *arguments, **named) -> None:
        self._step()
        await self._store.save(*arguments, **named)
        self._step()


class StumblingJobs:
    """The same for jobs."""

    def __init__(self, jobs: Jobs, step) -> None:
        self._jobs = jobs
        self._step = step

    async def put(self, *jobs: NewJob) -> None:
        self._step()
        await self._jobs.put(*jobs)
        self._step()

    async def cancel(self, name: str) -> bool:
        self._step()
        done = await self._jobs.cancel(name)
        self._step()
        return done
