"""The tables of the change feed."""

from sqlalchemy import (
    BigInteger,
    Column,
    Table,
    Text,
)

from quadrangle.sql.base.tables import RowNumber, metadata

changes = Table(
    "changes",
    metadata,
    Column("seq", RowNumber, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("actor_id", Text),
    Column("at", Text, nullable=False),
    Column("origin", Text),
)


feed_cursors = Table(
    "feed_cursors",
    metadata,
    Column("consumer", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
)
