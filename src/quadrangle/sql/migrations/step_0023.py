"""Sums of what is unresolved: urgent, by whose it is, and by the day and hour it is due.

They begin with what the projection has counted so far, so that it goes on from there.
"""

_SUMS = """
ALTER TABLE issue_facets ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE issue_facets ADD COLUMN assignee_id TEXT;
ALTER TABLE issue_facets ADD COLUMN due_at TEXT;
UPDATE issue_facets
  SET urgent = CASE WHEN i.priority = 'URGENT' THEN 1 ELSE 0 END,
      assignee_id = i.assignee_id, due_at = i.due_at
  FROM issues i WHERE i.seq = issue_facets.seq AND issue_facets.status <> 'RESOLVED';
CREATE INDEX issue_facets_due ON issue_facets (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE issue_unresolved (
  issue_type TEXT NOT NULL, location TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  n BIGINT NOT NULL, PRIMARY KEY (issue_type, location, kind, name)){without_rowid};
INSERT INTO issue_unresolved (issue_type, location, kind, name, n)
  WITH each AS (
    SELECT issue_type, location, 'urgent' AS kind, '' AS name FROM issue_facets WHERE urgent = 1
    UNION ALL SELECT issue_type, location, 'assignee', assignee_id FROM issue_facets
      WHERE assignee_id IS NOT NULL
    UNION ALL SELECT issue_type, location, 'day', substr(due_at, 1, 10) FROM issue_facets
      WHERE due_at IS NOT NULL
    UNION ALL SELECT issue_type, location, 'hour', substr(due_at, 1, 13) FROM issue_facets
      WHERE due_at IS NOT NULL),
  within_both AS (
    SELECT issue_type, location, kind, name, count(*) AS n FROM each
      GROUP BY issue_type, location, kind, name),
  within AS (
    SELECT issue_type, location, kind, name, n FROM within_both
    UNION ALL SELECT issue_type, '', kind, name, n FROM within_both
    UNION ALL SELECT '', location, kind, name, n FROM within_both
    UNION ALL SELECT '', '', kind, name, n FROM within_both)
  SELECT issue_type, location, kind, name, sum(n) FROM within
    GROUP BY issue_type, location, kind, name
"""


def statements(dialect: str) -> list[str]:
    """Return the statements of this step for `sqlite` or `postgresql`."""
    # in SQLite, a table that is nothing but its key is read without a step from index to row
    without_rowid = " WITHOUT ROWID" if dialect == "sqlite" else ""
    ready = _SUMS.format(without_rowid=without_rowid)
    return [s.strip() for s in ready.split(";") if s.strip()]
