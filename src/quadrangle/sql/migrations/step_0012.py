"""Courses of videos, whom videos are shared with, and what each person has seen."""

_COURSES = """
CREATE TABLE video_people (
  video_id BIGINT NOT NULL, account_id TEXT NOT NULL, PRIMARY KEY (video_id, account_id));
CREATE INDEX video_people_account ON video_people (account_id, video_id);

CREATE TABLE video_courses (
  course_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, owner_name TEXT NOT NULL,
  title TEXT NOT NULL, sorted_by TEXT NOT NULL, description TEXT NOT NULL,
  openness TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  version INTEGER NOT NULL);
CREATE INDEX video_courses_user ON video_courses (user_id);
CREATE INDEX video_courses_openness ON video_courses (openness, sorted_by);

CREATE TABLE video_course_items (
  course_id TEXT NOT NULL, video_id BIGINT NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY (course_id, video_id));
CREATE INDEX video_course_items_video ON video_course_items (video_id);

CREATE TABLE video_course_members (
  course_id TEXT NOT NULL, account_id TEXT NOT NULL, since TEXT NOT NULL,
  PRIMARY KEY (course_id, account_id));
CREATE INDEX video_course_members_account ON video_course_members (account_id, course_id);

CREATE TABLE video_seen (
  account_id TEXT NOT NULL, video_id BIGINT NOT NULL, seen_at TEXT NOT NULL,
  PRIMARY KEY (account_id, video_id));
CREATE INDEX video_seen_video ON video_seen (video_id);

CREATE TABLE video_course_feeds (
  course_id TEXT NOT NULL, account_id TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL, PRIMARY KEY (course_id, account_id))
"""


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step for `sqlite` or `postgresql`, which is the same."""
    return [s.strip() for s in _COURSES.split(";") if s.strip()]
