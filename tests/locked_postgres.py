"""A PostgreSQL that asks one person for a password, and shows a certificate: as RDS does.

The tests' own server lets everyone in. Its settings are changed by itself, as its files are not
always ours to write, and only for a name that nobody else has.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url


class LockedPostgres:
    """A name and a password for the database at `url`, which the server insists on."""

    def __init__(self, url: str) -> None:
        self._admin = make_url(url)
        self.user = f"locked_{secrets.token_hex(4)}"
        self.password = secrets.token_hex(8)

    @property
    def url(self) -> str:
        """Return the address without name and password."""
        parts = self._admin
        return f"postgresql://{parts.host}:{parts.port}/{parts.database}"

    def replace_password(self) -> str:
        self.password = secrets.token_hex(8)
        self._run(self._with_password("ALTER ROLE {} PASSWORD {}"))
        return self.password

    def restart(self) -> int:
        """End all connections of the person, as a restart would; return how many there were."""
        ended = self._run(
            sql.SQL(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = {}"
            ).format(sql.Literal(self.user))
        )
        return len(ended)

    def open(self) -> None:
        self._run(self._with_password("CREATE ROLE {} SUPERUSER LOGIN PASSWORD {}"))
        self._set_door(f"host all {self.user} all scram-sha-256")

    def close(self) -> None:
        self.restart()
        self._set_door("")
        role = sql.Identifier(self.user)
        self._run(sql.SQL("REASSIGN OWNED BY {} TO CURRENT_USER").format(role))
        self._run(sql.SQL("DROP OWNED BY {}").format(role))
        self._run(sql.SQL("DROP ROLE {}").format(role))

    def _with_password(self, statement: str) -> sql.Composed:
        words = (sql.Identifier(self.user), sql.Literal(self.password))
        return sql.SQL(statement).format(*words)  # pyright: ignore[reportArgumentType]

    def _set_door(self, line: str) -> None:
        """Put a line before those that let everyone in, in place of what was said of this name."""
        ((path, text),) = self._run(
            sql.SQL("SELECT f, pg_read_file(f) FROM current_setting('hba_file') AS f")
        )
        kept = [each for each in text.splitlines() if self.user not in each]
        whole = "\n".join([line, *kept] if line else kept)
        write = "COPY (SELECT regexp_split_to_table({}, chr(10))) TO {}"
        self._run(sql.SQL(write).format(sql.Literal(whole), sql.Literal(path)))
        self._run(sql.SQL("SELECT pg_reload_conf()"))

    def _run(self, statement: sql.Composable) -> list[tuple[str, ...]]:
        address = self._admin.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute(statement)  # pyright: ignore[reportArgumentType]
            return found.fetchall() if found.description else []


@contextmanager
def locked(url: str) -> Iterator[LockedPostgres]:
    """Have the database at `url` ask a person for a password."""
    made = LockedPostgres(url)
    made.open()
    try:
        yield made
    finally:
        made.close()
