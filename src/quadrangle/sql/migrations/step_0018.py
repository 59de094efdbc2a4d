"""Whose a report is: the account that made it, or that it was added to."""


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step for `sqlite` or `postgresql`, which is the same."""
    return [
        "ALTER TABLE issues ADD COLUMN reporter_id TEXT",
        "CREATE INDEX issues_reporter ON issues (reporter_id, seq) WHERE reporter_id IS NOT NULL",
    ]
