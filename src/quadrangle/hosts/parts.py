"""Assembles the parts of one machine. Processes share them through the database and the folder."""

from quadrangle.hosts.settings import Settings
from quadrangle.issues.service import Catalogs
from quadrangle.kernel.clock import Clock, SystemClock
from quadrangle.sql.accounts import SqlAccountStore
from quadrangle.sql.catalog import SqlCatalogStore
from quadrangle.sql.database import Database
from quadrangle.sql.issues import SqlIssueStore
from quadrangle.sql.signal import PostgresSignal, Signal, SocketSignal
from quadrangle.sql.urls import backend_of, libpq_url


class Core:
    """What the server, the worker and the commands all use."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.signal = _signal(settings)
        self.database = Database(settings.database, signal=self.signal)
        self.issues = SqlIssueStore(self.database)
        self.catalog_store = SqlCatalogStore(self.database)
        self.catalogs = Catalogs(self.catalog_store)
        self.accounts = SqlAccountStore(self.database, self.clock)

    async def close(self) -> None:
        await self.database.close()
        await self.signal.close()


def _signal(settings: Settings) -> Signal:
    if backend_of(settings.database) == "sqlite":
        return SocketSignal(settings.data / "run")
    return PostgresSignal(libpq_url(settings.database))
