"""Statistics of issues, from what the projection counted and from resolved issues."""

from collections.abc import Sequence
from datetime import UTC, tzinfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from quadrangle.issues.model import OTHER, Status
from quadrangle.issues.ports import DayCount, Durations, GroupCount, StatisticsData
from quadrangle.kernel.clock import beginning_of
from quadrangle.sql.issues.tables import issue_days, issue_totals, issues

_UNRESOLVED = issue_totals.c.status != Status.RESOLVED


def statistics(
    connection: Connection,
    first_day: str,
    last_day: str,
    known_types: Sequence[str],
    zone: tzinfo = UTC,
) -> StatisticsData:
    """Collect the figures of a range of days of `zone`, both ends included."""
    totals = select(issue_totals.c.status, func.sum(issue_totals.c.n)).group_by(
        issue_totals.c.status
    )
    status = {Status(row[0]): int(row[1]) for row in connection.execute(totals)}
    since, until = beginning_of(first_day, zone), beginning_of(last_day, zone, days_on=1)
    d = issue_days.c
    in_range = d.day.between(first_day, last_day)
    days = (
        select(d.day, func.sum(d.reported), func.sum(d.resolved))
        .where(in_range)
        .group_by(d.day)
        .order_by(d.day)
    )
    day_type = _folded(d.issue_type, known_types)
    total_type = _folded(issue_totals.c.issue_type, known_types)
    return StatisticsData(
        status={each: status.get(each, 0) for each in Status},
        days=[DayCount(day, int(a), int(b)) for day, a, b in connection.execute(days)],
        types=_groups(connection, day_type, total_type, in_range),
        locations=_groups(connection, d.location, issue_totals.c.location, in_range),
        durations=_durations(connection, since, until, known_types),
        all_durations=_durations(connection, since, until, None).get(""),
    )


def _folded(column: ColumnElement[str], known_types: Sequence[str]) -> ColumnElement[str]:
    return case((column.in_(known_types), column), else_=OTHER)


def _groups(
    connection: Connection,
    in_days: ColumnElement[str],
    in_totals: ColumnElement[str],
    in_range: ColumnElement[bool],
) -> list[GroupCount]:
    d, t = issue_days.c, issue_totals.c
    moved = (
        select(in_days.label("name"), func.sum(d.reported), func.sum(d.resolved))
        .where(in_range)
        .group_by(literal_column("name"))
    )
    left = (
        select(in_totals.label("name"), func.sum(t.n))
        .where(_UNRESOLVED)
        .group_by(literal_column("name"))
    )
    unresolved = {name: int(n) for name, n in connection.execute(left)}
    groups = {name: (int(a), int(b)) for name, a, b in connection.execute(moved)}
    result = [
        GroupCount(name, *groups.get(name, (0, 0)), unresolved.get(name, 0))
        for name in groups.keys() | unresolved.keys()
    ]
    shown = (g for g in result if g.reported or g.resolved or g.unresolved)
    return sorted(shown, key=lambda g: (-g.reported, -g.unresolved, g.name))


def _durations(
    connection: Connection, since: str, until: str, known_types: Sequence[str] | None
) -> dict[str, Durations]:
    """Return durations by type, or of all under the empty name without `known_types`.

    The percentile is the value at rank ceil(share x count), which is some issue's own duration.
    """
    name = literal("") if known_types is None else _folded(issues.c.issue_type, known_types)
    met = case((issues.c.resolved_at <= issues.c.due_at, 1), else_=0)
    resolved = (
        select(
            name.label("name"),
            _hours(connection.dialect.name).label("hours"),
            met.label("met"),
            case((issues.c.due_at.is_(None), 0), else_=1).label("target"),
        )
        .where(
            issues.c.resolved_at >= since,
            issues.c.resolved_at < until,
            issues.c.status == Status.RESOLVED,
        )
        .cte("resolved")
    )
    rank = func.row_number().over(partition_by=resolved.c.name, order_by=resolved.c.hours)
    size = func.count().over(partition_by=resolved.c.name)
    ranked = select(resolved, rank.label("rank"), size.label("size")).cte("ranked")
    r = ranked.c
    query = select(
        r.name,
        func.max(r.size),
        func.max(case((or_(r.rank * 2 == r.size, r.rank * 2 == r.size + 1), r.hours))),
        func.min(case((r.rank * 10 >= r.size * 9, r.hours))),
        func.sum(r.target),
        func.sum(r.met),
    ).group_by(r.name)
    return {
        row[0]: Durations(int(row[1]), float(row[2]), float(row[3]), int(row[4]), int(row[5]))
        for row in connection.execute(query)
    }


def _hours(dialect: str) -> ColumnElement[float]:
    if dialect == "sqlite":
        return literal_column("(julianday(resolved_at) - julianday(created_at)) * 24")
    return literal_column(
        "CAST(EXTRACT(EPOCH FROM resolved_at::timestamptz - created_at::timestamptz) AS float)"
        " / 3600"
    )
