"""Every table, as SQLAlchemy Core sees it. `migrations/` makes them; a test compares the two.

Instants people see are ISO 8601 texts of one width (see kernel.clock.to_text), so they sort as they
are; the job engine's are integers, milliseconds since 1970 in UTC.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()
# SQLite only numbers rows by itself when the key is an INTEGER; PostgreSQL needs 64 bits for it.
RowNumber = BigInteger().with_variant(Integer, "sqlite")

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

documents = Table(
    "documents",
    metadata,
    Column("name", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

mails = Table(
    "mails",
    metadata,
    Column("seq", RowNumber, primary_key=True),
    Column("mail_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("state", Text, nullable=False),  # queued, kept, sent, failed
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
    Column("created_at", Text, nullable=False),
    Column("sent_at", Text),
    Column("next_attempt_at", Text),
    Column("private", Boolean, nullable=False),  # holds what opens an account
    Column("forgotten", Boolean, nullable=False),  # is erased as soon as it no longer waits
)

# How many mails there are of each state, kept in the transaction that moves one.
mail_totals = Table(
    "mail_totals",
    metadata,
    Column("state", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
)
