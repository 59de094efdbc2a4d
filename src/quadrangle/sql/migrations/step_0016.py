"""Teachers of a course beside the one whose it is."""

_TEACHERS = """
CREATE TABLE video_course_teachers (
  course_id TEXT NOT NULL, account_id TEXT NOT NULL, name TEXT NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY (course_id, account_id));
CREATE INDEX video_course_teachers_account ON video_course_teachers (account_id, course_id)
"""


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step for `sqlite` or `postgresql`, which is the same."""
    return [s.strip() for s in _TEACHERS.split(";") if s.strip()]
