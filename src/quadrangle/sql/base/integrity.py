"""Looks whether what the database holds is whole and true to itself."""

from typing import Any

from sqlalchemy import Connection, inspect, text

from quadrangle.sql.base.database import Database
from quadrangle.sql.base.tables import issues

# Each finds rows that should not be; the sentence says what is wrong with them.
_CHECKS = {
    "issue(s) without a change record of their report": """
        SELECT count(*) FROM issues i WHERE NOT EXISTS (
          SELECT 1 FROM changes c WHERE c.subject = i.issue_id AND c.kind = 'issue.reported')""",
    "report(s) in the change records without their issue": """
        SELECT count(*) FROM changes c WHERE c.kind = 'issue.reported' AND NOT EXISTS (
          SELECT 1 FROM issues i WHERE i.issue_id = c.subject)""",
    "conversation entries without their issue": """
        SELECT count(*) FROM comments e WHERE NOT EXISTS (
          SELECT 1 FROM issues i WHERE i.issue_id = e.issue_id)""",
    "photo record(s) without their issue": """
        SELECT count(*) FROM photos p WHERE NOT EXISTS (
          SELECT 1 FROM issues i WHERE i.issue_id = p.issue_id)""",
    "issue(s) whose number of photos is wrong": """
        SELECT count(*) FROM issues i WHERE i.photo_count <> (
          SELECT count(*) FROM photos p WHERE p.issue_id = i.issue_id)""",
    "issue(s) linked as duplicates of one that is not there": """
        SELECT count(*) FROM issues i WHERE i.duplicate_of IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM issues o WHERE o.issue_id = i.duplicate_of)""",
}


async def is_empty(database: Database) -> bool:
    """Tell whether no migration has run yet. Raises Unavailable."""
    return await database.read(lambda c: not inspect(c).has_table(issues.name))


async def check_database(database: Database) -> list[str]:
    """Return a sentence for each thing that is wrong; empty when all is well."""
    return await database.read(_problems)


def _problems(connection: Connection) -> list[str]:
    problems = []
    if connection.dialect.name == "sqlite":
        rows: list[Any] = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
        problems += [f"The database file is damaged: {row}" for row in rows if row != "ok"]
    for wrong, query in _CHECKS.items():
        count = connection.execute(text(query)).scalar() or 0
        if count:
            problems.append(f"There are {count} {wrong}.")
    return problems
