"""Counts beside the filters of a list, from what the projection summed up.

What they cost does not grow with the number of issues: totals have a row per type, place and
status, sums of what is unresolved are looked up (issues/overview/unresolved.py), and single issues
are counted only of the hour that it is.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, union_all

from quadrangle.issues.model import Status
from quadrangle.issues.overview.unresolved import ANY, By, day_of_due, hour_of_due
from quadrangle.issues.ports import Counts
from quadrangle.kernel.clock import to_text
from quadrangle.sql.issues.tables import issue_facets, issue_totals, issue_unresolved

_UNRESOLVED = issue_totals.c.status != Status.RESOLVED
_OVERDUE, _URGENT, _MINE = "overdue", "urgent", "mine"


def counts(
    connection: Connection,
    issue_type: str | None,
    location: str | None,
    now: datetime,
    mine: str | None = None,
) -> Counts:
    """Count issues for the filters of a list, within one type or location where given."""
    t = issue_totals.c
    narrowed = _within(issue_totals, issue_type, location)
    by_status = select(t.status, t.assigned, func.sum(t.n)).group_by(t.status, t.assigned)
    status, unassigned = dict.fromkeys(Status, 0), 0
    for each, assigned, n in connection.execute(by_status.where(*narrowed)):
        status[Status(each)] += int(n)
        unassigned += int(n) if each != Status.RESOLVED and not assigned else 0
    types = select(t.issue_type, func.sum(t.n)).where(_UNRESOLVED).group_by(t.issue_type)
    locations = select(t.location, func.sum(t.n)).where(_UNRESOLVED).group_by(t.location)
    if location is not None:
        types = types.where(t.location == location)
    if issue_type is not None:
        locations = locations.where(t.issue_type == issue_type)
    pressing = _pressing(connection, issue_type, location, to_text(now), mine)
    return Counts(
        total=sum(status.values()),
        status=status,
        issue_type=_positive(connection.execute(types)),
        location=_positive(connection.execute(locations)),
        unassigned=unassigned,
        overdue=pressing.get(_OVERDUE, 0),
        urgent=pressing.get(_URGENT, 0),
        mine=pressing.get(_MINE, 0),
    )


def _positive(rows: Any) -> dict[str, int]:
    return {name: int(n) for name, n in rows if n}


def _within(table: Any, issue_type: str | None, location: str | None) -> list[ColumnElement[bool]]:
    narrowed = ((table.c.issue_type, issue_type), (table.c.location, location))
    return [column == value for column, value in narrowed if value is not None]


def _pressing(
    connection: Connection,
    issue_type: str | None,
    location: str | None,
    now: str,
    mine: str | None,
) -> dict[str, int]:
    """Return what is unresolved by what makes it pressing, without what there is none of."""
    u, f = issue_unresolved.c, issue_facets.c
    today, this_hour = day_of_due(now), hour_of_due(now)

    def summed(called: str, kind: By, *named: ColumnElement[bool]) -> Select[Any, Any]:
        within = (u.issue_type == (issue_type or ANY), u.location == (location or ANY))
        total = select(literal_column(f"'{called}'"), func.sum(u.n))
        return total.where(*within, u.kind == kind, *named)

    single = select(literal_column(f"'{_OVERDUE}'"), func.count()).where(
        f.due_at >= this_hour, f.due_at < now, *_within(issue_facets, issue_type, location)
    )
    parts = [
        summed(_URGENT, By.URGENT),
        summed(_OVERDUE, By.DUE_DAY, u.name < today),
        summed(_OVERDUE, By.DUE_HOUR, u.name >= today, u.name < this_hour),
        single,
    ]
    if mine is not None:
        parts.append(summed(_MINE, By.ASSIGNEE, u.name == mine))
    found: dict[str, int] = {}
    rows: Any = connection.execute(union_all(*parts))
    for called, n in rows:
        found[called] = found.get(called, 0) + int(n or 0)
    return found
