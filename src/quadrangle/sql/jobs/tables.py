"""The table of the job engine."""

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    Table,
    Text,
)

from quadrangle.sql.base.tables import RowNumber, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("job_id", RowNumber, primary_key=True),
    Column("function", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("name", Text),
    Column("state", Text, nullable=False),  # ready, leased, dead
    Column("run_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", BigInteger),
    Column("lease", Text),
    Column("last_error", Text),
    Column("failed_at", BigInteger),
)
