"""Databases for tests. A migrated one is a copy: to migrate each would be most of a short test."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg

from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate

# Gives the URL of a migrated database of a kind, `sqlite` or `postgresql`: a fixture has its name.
Migrated = Callable[[str], str]


def migrate_now(url: str) -> None:
    """Bring a database up to date and let go of it, wherever an event loop may be running."""

    async def opened_and_closed() -> None:
        database = Database(url)
        await migrate(database)
        await database.close()

    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, opened_and_closed()).result()


class PostgresServer:
    """A server on which databases may be made, by the URL of one that is there."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._server = url.rsplit("/", 1)[0]

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The URL of a database of its own: empty, or a copy of the one with the URL `template`,
        to which nobody may be connected. Dropped afterwards."""
        name = f"quadrangle_{secrets.token_hex(6)}"
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}{_copied(connection, template)}")
        yield f"{self._server}/{name}"
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _copied(connection: psycopg.Connection, template: str | None) -> str:
    if template is None:
        return ""
    # the quicker of two ways for small databases; the only one before PostgreSQL 15
    how = " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
    return f" TEMPLATE {template.rsplit('/', 1)[1]}{how}"
