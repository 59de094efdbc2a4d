"""Indexes of what is to do: urgent, somebody's own, and without a time to be resolved by.

None of them has what is resolved, so they stay as small as the work there is.
"""

_INDEXES = """
CREATE INDEX issues_urgent ON issues (seq) WHERE priority = 'URGENT' AND status <> 'RESOLVED';
CREATE INDEX issues_own ON issues (assignee_id)
  WHERE assignee_id IS NOT NULL AND status <> 'RESOLVED';
CREATE INDEX issues_without_due ON issues (seq) WHERE due_at IS NULL AND status <> 'RESOLVED'
"""


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step for `sqlite` or `postgresql`, which is the same."""
    return [s.strip() for s in _INDEXES.split(";") if s.strip()]
