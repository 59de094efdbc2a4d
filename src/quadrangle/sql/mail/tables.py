"""The tables of the outbox."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    Table,
    Text,
)

from quadrangle.sql.base.tables import RowNumber, metadata

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
    Column("state", Text, nullable=False),  # queued, kept, sent, failed, over
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
    Column("created_at", Text, nullable=False),
    Column("sent_at", Text),
    Column("next_attempt_at", Text),
    Column("private", Boolean, nullable=False),  # holds what opens an account
    Column("forgotten", Boolean, nullable=False),  # is erased as soon as it no longer waits
    Column("calendar_method", Text),  # what the iCalendar object in it asks for; none: has none
    Column("calendar", Text),
    Column("queued_at", Text, nullable=False),  # when it was last to be sent: written, or again
    Column("text_kept", Boolean, nullable=False),  # false: what it said is gone
)


# How many mails there are of each state, kept in the transaction that moves one.
mail_totals = Table(
    "mail_totals",
    metadata,
    Column("state", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
)
