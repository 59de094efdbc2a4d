"""The tables of free hours and of calendar feeds."""

from sqlalchemy import Boolean, Column, Integer, Table, Text

from quadrangle.sql.base.tables import metadata

# `body` is all that a teacher publishes; the other columns are for the list of teachers.
teaching_hours = Table(
    "teaching_hours",
    metadata,
    Column("teacher_id", Text, primary_key=True),
    Column("folded_name", Text, nullable=False),  # to sort by: kernel.text.folded
    Column("published", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

meeting_feeds = Table(
    "meeting_feeds",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("token_hash", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)
