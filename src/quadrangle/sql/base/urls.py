"""Database URLs, for those who must choose parts by them."""

from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

BACKENDS = ("sqlite", "postgresql")


def backend_of(url: str) -> str | None:
    """Return `sqlite` or `postgresql`; None for a URL that names neither."""
    try:
        name = make_url(url).get_backend_name()
    except ArgumentError:
        return None
    return name if name in BACKENDS else None


def sqlite_url(file: str) -> str:
    """Return the URL of a SQLite database in a file, whose name may have %, ? or #."""
    return f"sqlite:///{quote(file)}"


def sqlite_file(url: str) -> Path | None:
    """Return where a SQLite database is kept; None for one on a server."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def libpq_url(url: str) -> str:
    """Return the URL of a PostgreSQL database as its own client library reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
