"""What must hold of the counts of issues: they are what was counted, and that is what there is."""

_MENDED = "(`quadrangle check --rebuild` counts anew)"

# What a sum should be is added to what it is, taken away: what is left is wrong.
_WRONG = """
    SELECT count(*) FROM (
      SELECT 1 FROM (SELECT {keys}, {n} FROM {should} UNION ALL SELECT {keys}, -{n} FROM {table}) x
      GROUP BY {keys} HAVING sum({n}) <> 0) y"""


def _wrong(table: str, keys: str, should: str, n: str = "n") -> str:
    return _WRONG.format(table=table, keys=keys, should=should, n=n)


_TOTALS = """(
        SELECT issue_type, location, status, assigned, count(*) AS n FROM issue_facets
        GROUP BY issue_type, location, status, assigned) s"""

_DAYS = """(
        SELECT {day} AS day, issue_type, location, count(*) AS {n} FROM issue_facets
        WHERE {day} IS NOT NULL GROUP BY {day}, issue_type, location) s"""

_NAMED = """
          SELECT issue_type, location, '{kind}' AS kind, {name} AS name FROM issue_facets
          WHERE {which}"""
_EACH = " UNION ALL".join(
    _NAMED.format(kind=kind, name=name, which=which)
    for kind, name, which in (
        ("urgent", "''", "urgent = 1"),
        ("assignee", "assignee_id", "assignee_id IS NOT NULL"),
        ("day", "substr(due_at, 1, 10)", "due_at IS NOT NULL"),
        ("hour", "substr(due_at, 1, 13)", "due_at IS NOT NULL"),
    )
)
_UNRESOLVED = f"""(
        SELECT CASE WHEN any_type = 1 THEN '' ELSE issue_type END AS issue_type,
          CASE WHEN any_location = 1 THEN '' ELSE location END AS location, kind, name,
          1 AS n FROM ({_EACH}) e
        CROSS JOIN (SELECT 0 AS any_type UNION ALL SELECT 1) t
        CROSS JOIN (SELECT 0 AS any_location UNION ALL SELECT 1) l) s"""

# Issues are compared with what was counted of them once the projection has come to the end.
_COUNTED_OTHERWISE = """
    SELECT count(*) FROM issues i LEFT JOIN issue_facets f ON f.seq = i.seq
    WHERE (f.seq IS NULL OR f.issue_type <> i.issue_type OR f.location <> i.location
        OR f.status <> i.status OR (f.assigned = 1) <> (i.assignee_id IS NOT NULL)
        OR i.status <> 'RESOLVED' AND (
          (f.urgent = 1) <> (i.priority = 'URGENT')
          OR coalesce(f.assignee_id, '') <> coalesce(i.assignee_id, '')
          OR coalesce(f.due_at, '') <> coalesce(i.due_at, '')))
      AND (SELECT max(seq) FROM changes)
        <= (SELECT seq FROM feed_cursors WHERE consumer = 'issue-read-model')"""

COUNTED_CHECKS = {
    f"total(s) of issues that are wrong {_MENDED}": _wrong(
        "issue_totals", "issue_type, location, status, assigned", _TOTALS
    ),
    f"day(s) with a wrong number of reported issues {_MENDED}": _wrong(
        "issue_days",
        "day, issue_type, location",
        _DAYS.format(day="created_day", n="reported"),
        "reported",
    ),
    f"day(s) with a wrong number of resolved issues {_MENDED}": _wrong(
        "issue_days",
        "day, issue_type, location",
        _DAYS.format(day="resolved_day", n="resolved"),
        "resolved",
    ),
    f"sum(s) of unresolved issues that are wrong {_MENDED}": _wrong(
        "issue_unresolved", "issue_type, location, kind, name", _UNRESOLVED
    ),
    f"issue(s) counted as what they are not {_MENDED}": _COUNTED_OTHERWISE,
}
