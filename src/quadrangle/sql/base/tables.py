"""Every table, as SQLAlchemy Core sees it. `migrations/` makes them; a test compares the two.

Instants people see are ISO 8601 texts of one width (see kernel.clock.to_text), so they sort as they
are; the job engine's are integers, milliseconds since 1970 in UTC.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()
# SQLite only numbers rows by itself when the key is an INTEGER; PostgreSQL needs 64 bits for it.
RowNumber = BigInteger().with_variant(Integer, "sqlite")
# The schema of tables that an operator may put into one of their own (PostgreSQL); what it stands
# for, a Database knows.
CHOSEN = "chosen"


documents = Table(
    "documents",
    metadata,
    Column("name", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
