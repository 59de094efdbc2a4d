"""The tables of the issue service."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    Table,
    Text,
)

from quadrangle.sql.base.tables import RowNumber, metadata

issues = Table(
    "issues",
    metadata,
    Column("seq", RowNumber, primary_key=True),
    Column("issue_id", Text, nullable=False),
    Column("issue_type", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("reporter_email", Text),
    Column("reporter_name", Text),
    Column("assignee_id", Text),
    Column("duplicate_of", Text),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("resolved_at", Text),
    Column("due_at", Text),
    Column("photo_count", Integer, nullable=False),
    Column("reply_count", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("idempotency_key", Text),
    Column("reporter_id", Text),
    Column("others_contact", Boolean, nullable=False),
)


comments = Table(
    "comments",
    metadata,
    Column("seq", RowNumber, primary_key=True),
    Column("entry_id", Text, nullable=False),
    Column("issue_id", Text, nullable=False),
    Column("kind", Text, nullable=False),  # reply, note
    Column("text", Text, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("author_role", Text, nullable=False),  # reporter, staff
    Column("author_id", Text),
    Column("at", Text, nullable=False),
)


photos = Table(
    "photos",
    metadata,
    Column("seq", RowNumber, primary_key=True),
    Column("photo_id", Text, nullable=False),
    Column("issue_id", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("at", Text, nullable=False),
)


# What the projection last counted of each issue, so that counting again changes nothing.
issue_facets = Table(
    "issue_facets",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("issue_type", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("assigned", Integer, nullable=False),
    Column("created_day", Text, nullable=False),
    Column("resolved_day", Text),
    # of an unresolved issue, else empty
    Column("urgent", Integer, nullable=False),
    Column("assignee_id", Text),
    Column("due_at", Text),
)


issue_totals = Table(
    "issue_totals",
    metadata,
    Column("issue_type", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("assigned", Integer, primary_key=True),
    Column("n", BigInteger, nullable=False),
)


issue_days = Table(
    "issue_days",
    metadata,
    Column("day", Text, primary_key=True),
    Column("issue_type", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    Column("reported", BigInteger, nullable=False),
    Column("resolved", BigInteger, nullable=False),
)


# What is unresolved, in sums (issues/overview/unresolved.py); none of them is nothing.
issue_unresolved = Table(
    "issue_unresolved",
    metadata,
    Column("issue_type", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
)
