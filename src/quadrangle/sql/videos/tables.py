"""The tables of the video service; its index of words is in search.py."""

from sqlalchemy import BigInteger, Column, Float, Integer, Table, Text

from quadrangle.sql.base.tables import CHOSEN, RowNumber, metadata

# What became of each upload, for good; not the job engine's rows, which go when they are done.
video_jobs = Table(
    "video_jobs",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("upload_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("video_id", BigInteger),
    Column("state", Text, nullable=False),  # waiting, turn, done, failed, deleted
    Column("served", BigInteger, nullable=False),  # grows with each turn given; 0: none yet
    Column("run", Text),
    Column("tries", Integer, nullable=False),
    Column("done_s", Float, nullable=False),
    Column("total_s", Float, nullable=False),
    Column("began_at", Text),
    Column("told_at", Text),
    Column("called_at", Text),  # when a queue outside was told of its turn (calls.py)
    Column("created_at", Text, nullable=False),
    Column("ended_at", Text),
    schema=CHOSEN,
)

gallery_videos = Table(
    "gallery_videos",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("job_id", BigInteger),
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("s3_key", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("duration", Float),
    Column("resolution", Text),
    Column("video_codec", Text),
    Column("audio_codec", Text),
    Column("file_size", BigInteger),
    Column("thumbnail_url", Text),
    Column("views", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("shelf", Text, nullable=False),  # in whose lists it stands: videos.rules.shelf
    Column("shelf_until", Text),  # when that may be otherwise
    Column("captioned", Integer, nullable=False),  # 1: it has captions
    Column("folder", Text, nullable=False),
    Column("grants", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("more", Text, nullable=False),  # videos.model.Details
    schema=CHOSEN,
)

# `body` is the whole upload. Rows of whole ones stay until they expire, for clients to hear of it.
video_uploads = Table(
    "video_uploads",
    metadata,
    Column("upload_id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("video_id", BigInteger),
    Column("body", Text, nullable=False),
)

# Who was counted, for two hours.
video_views = Table(
    "video_views",
    metadata,
    Column("video_id", BigInteger, primary_key=True),
    Column("viewer", Text, primary_key=True),
    Column("hour", Text, primary_key=True),
)

# What is said, cue by cue, of all captions there are; found by words by passages.py.
video_passages = Table(
    "video_passages",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("video_id", BigInteger, nullable=False),
    Column("file", Text, nullable=False),  # of videos.model.Caption
    Column("language", Text, nullable=False),
    Column("start_ms", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
)

# How many videos a list has: "public", "campus", and what is in neither, by owner.
video_totals = Table(
    "video_totals",
    metadata,
    Column("list", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
)

# Links by which owners show a video. `body` is the whole link.
video_links = Table(
    "video_links",
    metadata,
    Column("link_id", Text, primary_key=True),
    Column("video_id", BigInteger, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("body", Text, nullable=False),
)
