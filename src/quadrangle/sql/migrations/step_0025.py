"""On SQLite what follows from facts is kept in a file of its own (sql/base/two_files.py); this is
what transactions about facts ask of its job engine (sql/jobs/requests.py)."""

_REQUESTS = """
CREATE TABLE job_requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT NOT NULL, name TEXT, function TEXT,
  payload TEXT, run_at INTEGER)"""


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step for `sqlite` or `postgresql`."""
    return [_REQUESTS] if dialect == "sqlite" else []
