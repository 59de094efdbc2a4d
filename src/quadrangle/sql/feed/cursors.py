"""Cursors that are further than the facts: the second file is newer than the first one.

That is so after a backup of the first file alone was brought back. What was made of changes that
are not there any more is forgotten where it can be made again.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select, text

from quadrangle.sql.feed import feed
from quadrangle.sql.feed.dispatch import Projection
from quadrangle.sql.feed.tables import feed_cursors
from quadrangle.sql.jobs.requests import CONSUMER as REQUESTS

# No request has a number behind this one.
_LAST_REQUEST = text(
    "SELECT coalesce((SELECT seq FROM beside.sqlite_sequence WHERE name = 'job_requests'), 0)"
)


def beyond(connection: Connection) -> list[str]:
    """Return the consumers whose cursors are further than what they follow."""
    newest, asked = feed.last_seq(connection), connection.execute(_LAST_REQUEST).scalar_one()
    rows = connection.execute(select(feed_cursors.c.consumer, feed_cursors.c.seq)).all()
    return [
        row.consumer for row in rows if row.seq > (asked if row.consumer == REQUESTS else newest)
    ]


def set_back(connection: Connection, projections: Sequence[Projection]) -> None:
    """Have all consumers follow on from the newest change, those that replay from the first."""
    newest = feed.last_seq(connection)
    for consumer in beyond(connection):
        # what was asked of the job engine may be done twice
        feed.move_cursor(connection, consumer, 0 if consumer == REQUESTS else newest)
    for projection in projections:
        if projection.replays:
            projection.clear(connection)
            feed.move_cursor(connection, projection.name, 0)
