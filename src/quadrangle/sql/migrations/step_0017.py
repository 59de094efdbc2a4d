"""Who was told of which video, and who is to be."""

_TOLD = """
CREATE TABLE video_told (
  video_id BIGINT NOT NULL, account_id TEXT NOT NULL, noted_at TEXT NOT NULL,
  told INTEGER NOT NULL, PRIMARY KEY (video_id, account_id));
CREATE INDEX video_told_waiting ON video_told (account_id, noted_at) WHERE told = 0
"""


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step for `sqlite` or `postgresql`, which is the same."""
    return [s.strip() for s in _TOLD.split(";") if s.strip()]
