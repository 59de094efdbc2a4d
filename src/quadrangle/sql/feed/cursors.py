"""Cursors that are further than the facts ever were: the second file is newer than the first one.

That is so after a backup of the first file alone was brought back. Numbers of changes that are gone
must not be given again: mails and the audit know them.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select, text

from quadrangle.sql.feed import feed
from quadrangle.sql.feed.consumers import Projection
from quadrangle.sql.feed.tables import feed_cursors
from quadrangle.sql.jobs.requests import CONSUMER as REQUESTS

_GIVEN = text(
    "SELECT name, seq FROM beside.sqlite_sequence WHERE name IN ('changes', 'job_requests')"
)
_FORGET = text("DELETE FROM sqlite_sequence WHERE name = :name")
_GIVE = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)")


def beyond(connection: Connection) -> dict[str, int]:
    """Return the last number that each table of facts has given by what is known of it, for those
    tables that know of less. In a read of what follows."""
    given = {row.name: row.seq for row in connection.execute(_GIVEN)}
    known: dict[str, int] = {}
    for row in connection.execute(select(feed_cursors.c.consumer, feed_cursors.c.seq)):
        table = "job_requests" if row.consumer == REQUESTS else "changes"
        known[table] = max(row.seq, known.get(table, 0))
    return {table: seq for table, seq in known.items() if seq > given.get(table, 0)}


def go_on_behind(connection: Connection, known: Mapping[str, int]) -> None:
    """Have tables of facts give numbers behind these. In a write of facts."""
    for table, seq in known.items():
        connection.execute(_FORGET, {"name": table})
        connection.execute(_GIVE, {"name": table, "seq": seq})


def replay(connection: Connection, projections: Sequence[Projection]) -> None:
    """Have everything made again that can be. In a write of what follows."""
    for projection in projections:
        if projection.replays:
            projection.clear(connection)
            feed.move_cursor(connection, projection.name, 0)
