"""Assembles the parts of one machine. Processes share them through the database and the folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from quadrangle.hosts.settings import Settings
from quadrangle.issues.mails import Links
from quadrangle.issues.photos import PhotoAlbum
from quadrangle.issues.reactions import IssueReactions
from quadrangle.issues.service import Catalogs
from quadrangle.issues.triage import Triage
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.clock import Clock, SystemClock
from quadrangle.sql.accounts import SqlAccountStore
from quadrangle.sql.catalog import SqlCatalogStore
from quadrangle.sql.database import Database
from quadrangle.sql.issues import SqlIssueStore
from quadrangle.sql.outbox import SqlOutbox
from quadrangle.sql.signal import PostgresSignal, Signal, SocketSignal


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
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        return SocketSignal(settings.data / "run")
    return PostgresSignal(url.set(drivername="postgresql").render_as_string(hide_password=False))
