"""Where each person stopped watching a video."""

_POSITIONS = """
CREATE TABLE video_positions (
  account_id TEXT NOT NULL, video_id BIGINT NOT NULL, at_s DOUBLE PRECISION NOT NULL,
  of_s DOUBLE PRECISION NOT NULL, noted_at TEXT NOT NULL, PRIMARY KEY (account_id, video_id));
CREATE INDEX video_positions_latest ON video_positions (account_id, noted_at);
CREATE INDEX video_positions_video ON video_positions (video_id)
"""


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step for `sqlite` or `postgresql`, which is the same."""
    return [s.strip() for s in _POSITIONS.split(";") if s.strip()]
