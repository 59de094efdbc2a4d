"""The parts of one machine that are no service's. Processes share them through the database and
the folder."""

import asyncio

from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.clock import Clock, SystemClock
from quadrangle.machine.files import DirectoryFiles
from quadrangle.sql.base.database import FOLLOWING_LOCK, Database
from quadrangle.sql.base.signal import PostgresSignal, Signal, SocketSignal
from quadrangle.sql.base.two_files import follower_of
from quadrangle.sql.base.urls import backend_of, libpq_url, sqlite_file, sqlite_url
from quadrangle.sql.base.write_ahead import bring_in
from quadrangle.sql.feed.feed import SqlChangeFeed
from quadrangle.sql.jobs.jobs import SqlDeadLetters, SqlJobs


class MachineParts:
    """What services, the server, the worker and the commands use. Making them touches nothing yet.

    `database` holds the facts; `following` what follows from them, which on SQLite is in a file of
    its own (sql/base/two_files.py), else in the same database. The worker has `flush` False: what
    follows begins again from change records that are on disk, should a power cut undo it. So its
    many small transactions wait for no disk; on SQLite the facts it writes do.
    """

    def __init__(
        self, settings: Settings, clock: Clock | None = None, *, flush: bool = True
    ) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.signal = _signal(settings)
        self.database, self.following = _databases(settings, self.signal, flush)
        self.feed = SqlChangeFeed(self.database)
        self.acts = Acts(self.feed, self.clock)
        self.jobs = SqlJobs(self.following, self.clock)
        self.dead_letters = SqlDeadLetters(self.following, self.clock)
        self.files = DirectoryFiles(settings.data / "files")
        self.keys = settings.data / "keys"

    async def close(self) -> None:
        """Finish what was begun and let go of everything."""
        await self.database.close()
        await self.following.close()
        for each in (self.database, self.following):
            if each.path is not None:
                await asyncio.to_thread(bring_in, each.path)
        if self.following.signal is not self.signal:
            await self.following.signal.close()
        await self.signal.close()


def _databases(settings: Settings, signal: Signal, flush: bool) -> tuple[Database, Database]:
    schema = settings.database_schema or None
    facts = sqlite_file(settings.database)
    if facts is None:
        return (
            Database(settings.database, signal=signal, flush=flush, schema=schema),
            Database(
                settings.database, signal=signal, flush=flush, schema=schema, lock=FOLLOWING_LOCK
            ),
        )
    follower = follower_of(str(facts))
    # what the worker commits there concerns workers alone, and wakes no live page
    own = SocketSignal(settings.data / "run" / "jobs")
    return (
        Database(settings.database, signal=signal, follower=follower),
        Database(sqlite_url(follower), signal=own, flush=flush, facts=str(facts)),
    )


def _signal(settings: Settings) -> Signal:
    if backend_of(settings.database) == "sqlite":
        return SocketSignal(settings.data / "run")
    return PostgresSignal(libpq_url(settings.database))
