"""The parts of one machine that are no service's. Processes share them through the database and
the folder."""

from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.clock import Clock, SystemClock
from quadrangle.machine.files import DirectoryFiles
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.signal import PostgresSignal, Signal, SocketSignal
from quadrangle.sql.base.urls import backend_of, libpq_url
from quadrangle.sql.feed.feed import SqlChangeFeed
from quadrangle.sql.jobs.jobs import SqlDeadLetters, SqlJobs


class MachineParts:
    """What services, the server, the worker and the commands use. Making them touches nothing yet.

    The worker's have `flush` False: all it writes follows from change records that are on disk,
    and begins again from them should a power cut undo it. So its many small transactions do not
    take turns with the server's flushes.
    """

    def __init__(
        self, settings: Settings, clock: Clock | None = None, *, flush: bool = True
    ) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.signal = _signal(settings)
        self.database = Database(
            settings.database,
            signal=self.signal,
            flush=flush,
            schema=settings.database_schema or None,
        )
        self.feed = SqlChangeFeed(self.database)
        self.acts = Acts(self.feed, self.clock)
        self.jobs = SqlJobs(self.database, self.clock)
        self.dead_letters = SqlDeadLetters(self.database, self.clock)
        self.files = DirectoryFiles(settings.data / "files")
        self.keys = settings.data / "keys"

    async def close(self) -> None:
        """Finish what was begun and let go of everything."""
        await self.database.close()
        await self.signal.close()


def _signal(settings: Settings) -> Signal:
    if backend_of(settings.database) == "sqlite":
        return SocketSignal(settings.data / "run")
    return PostgresSignal(libpq_url(settings.database))
