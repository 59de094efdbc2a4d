"""The tables of courses, and of whom videos are shared with."""

from sqlalchemy import BigInteger, Column, Float, Integer, Table, Text

from quadrangle.sql.base.tables import metadata

# The accounts that a video names.
video_people = Table(
    "video_people",
    metadata,
    Column("video_id", BigInteger, primary_key=True),
    Column("account_id", Text, primary_key=True),
)

video_courses = Table(
    "video_courses",
    metadata,
    Column("course_id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("owner_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("sorted_by", Text, nullable=False),  # the title as lists sort it
    Column("description", Text, nullable=False),
    Column("openness", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

# Who runs a course beside the one whose it is.
video_course_teachers = Table(
    "video_course_teachers",
    metadata,
    Column("course_id", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("place", Integer, nullable=False),
)

video_course_items = Table(
    "video_course_items",
    metadata,
    Column("course_id", Text, primary_key=True),
    Column("video_id", BigInteger, primary_key=True),
    Column("place", Integer, nullable=False),
)

video_course_members = Table(
    "video_course_members",
    metadata,
    Column("course_id", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("since", Text, nullable=False),
)

# What each person has seen: for that person alone.
video_seen = Table(
    "video_seen",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("video_id", BigInteger, primary_key=True),
    Column("seen_at", Text, nullable=False),
)

# Where each person stopped watching: for that person alone.
video_positions = Table(
    "video_positions",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("video_id", BigInteger, primary_key=True),
    Column("at_s", Float, nullable=False),
    Column("of_s", Float, nullable=False),
    Column("noted_at", Text, nullable=False),
)

video_course_feeds = Table(
    "video_course_feeds",
    metadata,
    Column("course_id", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("token_hash", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

# Whom a letter told of a video that names them (told 1), or is to tell.
video_told = Table(
    "video_told",
    metadata,
    Column("video_id", BigInteger, primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("noted_at", Text, nullable=False),
    Column("told", Integer, nullable=False),
)
