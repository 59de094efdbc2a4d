"""How often videos were played, day by day."""

from sqlalchemy import Connection, delete, select, text

from quadrangle.sql.videos.tables import video_plays

_ADD = text(
    "INSERT INTO video_plays (video_id, day, n) VALUES (:video_id, :day, 1)"
    " ON CONFLICT (video_id, day) DO UPDATE SET n = video_plays.n + 1"
)


def count(connection: Connection, video_id: int, day: str) -> None:
    """Count one play on a day, such as `2026-11-21`."""
    connection.execute(_ADD, {"video_id": video_id, "day": day})


def by_day(connection: Connection, video_id: int, since: str) -> dict[str, int]:
    """Return how often a video was played, by day, from a day on; days without are left out."""
    known = (video_plays.c.video_id == video_id) & (video_plays.c.day >= since)
    query = select(video_plays.c.day, video_plays.c.n).where(known)
    return {row.day: row.n for row in connection.execute(query)}


def forget(connection: Connection, video_id: int) -> None:
    """Forget all of a video's."""
    connection.execute(delete(video_plays).where(video_plays.c.video_id == video_id))
