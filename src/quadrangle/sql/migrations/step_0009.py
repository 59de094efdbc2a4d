"""What is kept beside meetings, and of what people want to be reminded."""

_BESIDE_MEETINGS = """
CREATE TABLE meeting_sheets (
  kind TEXT NOT NULL, meeting_id TEXT NOT NULL, version INTEGER NOT NULL, look_at TEXT,
  body TEXT NOT NULL, PRIMARY KEY (kind, meeting_id));
CREATE INDEX meeting_sheets_look_at ON meeting_sheets (kind, look_at, meeting_id)
  WHERE look_at IS NOT NULL;

CREATE TABLE meeting_reminder_choices (
  account_id TEXT PRIMARY KEY, body TEXT NOT NULL)
"""


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step for `sqlite` or `postgresql`, which is the same."""
    return [s.strip() for s in _BESIDE_MEETINGS.split(";") if s.strip()]
