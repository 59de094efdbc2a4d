"""The table of the audit."""

from sqlalchemy import BigInteger, Column, Table, Text

from quadrangle.sql.base.tables import metadata

# One record per change that matters, chained: `hash` covers the record and the hash before it.
audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("change_seq", BigInteger, nullable=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("actor", Text, nullable=False),  # empty where actor_id tells
    Column("actor_id", Text),
    Column("origin", Text),
    Column("details", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
