"""Free hours that teachers publish, and the secret addresses of people's calendars."""

_BOOKING = (
    """
    CREATE TABLE teaching_hours (
      teacher_id TEXT PRIMARY KEY, folded_name TEXT NOT NULL, published BOOLEAN NOT NULL,
      version INTEGER NOT NULL, body TEXT NOT NULL)
    """,
    "CREATE INDEX teaching_hours_name ON teaching_hours (folded_name, teacher_id) WHERE published",
    """
    CREATE TABLE meeting_feeds (
      account_id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL)
    """,
)


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step, which is the same for `sqlite` and `postgresql`."""
    return list(_BOOKING)
