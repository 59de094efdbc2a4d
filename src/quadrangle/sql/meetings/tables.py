"""The tables of the meeting service."""

from sqlalchemy import Column, Float, Integer, Table, Text

from quadrangle.sql.base.tables import RowNumber, metadata

# `body` is the whole meeting; the other columns are for queries, and for whoever reads the table
# by the names the source gave it.
meetings = Table(
    "meetings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("teacher_name", Text, nullable=False),
    Column("student_name", Text, nullable=False),
    Column("meet_time", Text, nullable=False),
    Column("jitsi_url", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("teacher_ec2_id", Text),
    Column("student_ec2_id", Text),
    Column("teacher_ec2_link", Text),
    Column("student_ec2_link", Text),
    Column("teacher_id", Text),
    Column("student_id", Text),
    Column("begins_at", Text, nullable=False),  # what windows count from
    Column("ends_at", Text, nullable=False),
    Column("ended_at", Text),
    Column("look_at", Text),  # none: nothing is left to do
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

# Hours that meetings which are not over take of their teachers.
meeting_hours = Table(
    "meeting_hours",
    metadata,
    Column("meeting_id", Text, primary_key=True),
    Column("teacher_id", Text, primary_key=True),
    Column("begins_at", Text, primary_key=True),
    Column("ends_at", Text, nullable=False),
)

meeting_connections = Table(
    "meeting_connections",
    metadata,
    Column("connection_id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("ended_at", Text),
)

# Tickets that were not used; rows go once they have expired.
meeting_tickets = Table(
    "meeting_tickets",
    metadata,
    Column("ticket_hash", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("desktop", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("may", Text, nullable=False),  # control, watch
    Column("until", Text, nullable=False),
)

meeting_launches = Table(
    "meeting_launches",
    metadata,
    Column("seq", RowNumber, primary_key=True),
    Column("key", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("seconds", Float, nullable=False),
)

meeting_reap_marks = Table(
    "meeting_reap_marks",
    metadata,
    Column("machine_id", Text, primary_key=True),
    Column("marked_at", Text, nullable=False),
)

meeting_controls = Table(
    "meeting_controls",
    metadata,
    Column("meeting_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

# Who is in the video room of a meeting; rows go once `until` is past.
meeting_room_people = Table(
    "meeting_room_people",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("came_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("left_at", Text),
    Column("until", Text, nullable=False),
)

# What they send one another; rows go once `until` is past.
meeting_room_messages = Table(
    "meeting_room_messages",
    metadata,
    Column("place", RowNumber, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("sender_role", Text, nullable=False),
    Column("recipient", Text),  # none: everyone in the room
    Column("kind", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("until", Text, nullable=False),
)

# What is kept beside meetings, of each kind one sheet for each meeting.
meeting_sheets = Table(
    "meeting_sheets",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("meeting_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("look_at", Text),  # none: nothing is to be done about it
    Column("body", Text, nullable=False),
)

# Of what people want to be reminded who want something else than is usual.
meeting_reminder_choices = Table(
    "meeting_reminder_choices",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("body", Text, nullable=False),
)
