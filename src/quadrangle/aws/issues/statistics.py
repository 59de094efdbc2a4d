"""Counts and statistics on DynamoDB, from what the projection counted: nothing is scanned."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, Query
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.issues.tables import BY_DUE, BY_STATUS, ISSUE_FIGURES, ISSUES
from quadrangle.issues.model import OTHER, Priority, Status
from quadrangle.issues.overview.figures import Day, Total
from quadrangle.issues.ports import Counts, DayCount, Durations, GroupCount, StatisticsData
from quadrangle.kernel.clock import to_text

UNRESOLVED = (Status.OPEN, Status.IN_PROGRESS)
Fold = Callable[[str], str]


def counts(
    dynamo: Dynamo,
    tables: Tables,
    issue_type: str | None,
    location: str | None,
    now: datetime,
    mine: str | None = None,
) -> Counts:
    """Count issues for the filters of a list, within one type or location where given."""
    status: Counter[Status] = Counter()
    types: Counter[str] = Counter()
    places: Counter[str] = Counter()
    unassigned = 0
    for (kind, place, state, assigned), n in _totals(dynamo, tables):
        of_type, of_place = issue_type in (None, kind), location in (None, place)
        if of_type and of_place:
            status[state] += n
        if state is Status.RESOLVED:
            continue
        types[kind] += n * of_place
        places[place] += n * of_type
        unassigned += n * (of_type and of_place and not assigned)
    pressing = list(_pressing(dynamo, tables, issue_type, location, mine))
    return Counts(
        total=status.total(),
        status={each: status[each] for each in Status},
        issue_type={name: n for name, n in types.items() if n},
        location={name: n for name, n in places.items() if n},
        unassigned=unassigned,
        overdue=_overdue(dynamo, tables, issue_type, location, now),
        urgent=sum(each["priority"] == Priority.URGENT for each in pressing),
        mine=sum(mine is not None and each.get("assigneeId") == mine for each in pressing),
    )


def _totals(dynamo: Dynamo, tables: Tables) -> Iterator[tuple[Total, int]]:
    query = Query(tables.of(ISSUE_FIGURES), "#figure = :figure", {"figure": "total"})
    for values in dynamo.query(query):
        yield msgspec.json.decode(values["name"], type=Total), values["n"]


def _overdue(
    dynamo: Dynamo, tables: Tables, issue_type: str | None, location: str | None, now: datetime
) -> int:
    values = _within(issue_type, location)
    conditions = " AND ".join(f"#{name} = :{name}" for name in values) or None
    return sum(
        dynamo.count(
            Query(
                tables.of(ISSUES),
                "#status = :status AND #dueAt < :now",
                {**values, "status": status, "now": to_text(now)},
                BY_DUE,
                conditions,
            )
        )
        for status in UNRESOLVED
    )


def _pressing(
    dynamo: Dynamo,
    tables: Tables,
    issue_type: str | None,
    location: str | None,
    mine: str | None,
) -> Iterator[Values]:
    """Yield what is unresolved and urgent, or somebody's own: one walk along what is to do, where
    an index of all that was ever theirs would be read to its end."""
    within = _within(issue_type, location)
    values: Values = {**within, "urgent": Priority.URGENT}
    wanted = "#priority = :urgent"
    if mine is not None:
        values["mine"] = mine
        wanted = f"({wanted} OR #assigneeId = :mine)"
    conditions = " AND ".join([wanted, *(f"#{name} = :{name}" for name in within)])
    for status in UNRESOLVED:
        yield from dynamo.query(
            Query(
                tables.of(ISSUES),
                "#status = :status",
                {**values, "status": status},
                BY_STATUS,
                conditions,
            )
        )


def _within(issue_type: str | None, location: str | None) -> Values:
    narrowed = {"issueType": issue_type, "location": location}
    return {name: value for name, value in narrowed.items() if value is not None}


def statistics(
    dynamo: Dynamo, tables: Tables, first_day: str, last_day: str, known_types: Sequence[str]
) -> StatisticsData:
    """Collect the figures of a range of days (UTC), both ends included."""

    def fold(issue_type: str) -> str:
        return issue_type if issue_type in known_types else OTHER

    totals = list(_totals(dynamo, tables))
    moved = list(_days(dynamo, tables, first_day, last_day))
    status: Counter[Status] = Counter()
    for (_, _, state, _), n in totals:
        status[state] += n
    times, by_type = _resolutions(dynamo, tables, first_day, last_day, fold)
    return StatisticsData(
        status={each: status[each] for each in Status},
        days=_by_day(moved),
        types=_groups(totals, moved, lambda kind, _: fold(kind)),
        locations=_groups(totals, moved, lambda _, place: place),
        durations={name: each.durations() for name, each in sorted(by_type.items())},
        all_durations=times.durations() if times.minutes else None,
    )


def _months(first_day: str, last_day: str) -> Iterator[str]:
    month = date.fromisoformat(first_day).replace(day=1)
    while month.isoformat() <= last_day:
        yield month.isoformat()[:7]
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _figures(
    dynamo: Dynamo, tables: Tables, figure: str, first_day: str, last_day: str
) -> Iterator[Values]:
    for month in _months(first_day, last_day):
        query = Query(
            tables.of(ISSUE_FIGURES),
            "#figure = :figure AND #name BETWEEN :first AND :last",
            # names are JSON arrays that begin with the day
            {"figure": f"{figure}#{month}", "first": f'["{first_day}"', "last": f'["{last_day}"~'},
        )
        yield from dynamo.query(query)


def _days(
    dynamo: Dynamo, tables: Tables, first_day: str, last_day: str
) -> Iterator[tuple[Day, int, int]]:
    for values in _figures(dynamo, tables, "day", first_day, last_day):
        reported, resolved = values.get("reported", 0), values.get("resolved", 0)
        if reported or resolved:
            yield msgspec.json.decode(values["name"], type=Day), reported, resolved


def _by_day(moved: Sequence[tuple[Day, int, int]]) -> list[DayCount]:
    reported: Counter[str] = Counter()
    resolved: Counter[str] = Counter()
    for (day, _, _), opened, closed in moved:
        reported[day] += opened
        resolved[day] += closed
    return [DayCount(day, reported[day], resolved[day]) for day in sorted(reported)]


def _groups(
    totals: Sequence[tuple[Total, int]],
    moved: Sequence[tuple[Day, int, int]],
    name_of: Callable[[str, str], str],
) -> list[GroupCount]:
    reported: Counter[str] = Counter()
    resolved: Counter[str] = Counter()
    unresolved: Counter[str] = Counter()
    for (_, kind, place), opened, closed in moved:
        reported[name_of(kind, place)] += opened
        resolved[name_of(kind, place)] += closed
    for (kind, place, state, _), n in totals:
        unresolved[name_of(kind, place)] += n * (state in UNRESOLVED)
    groups = [
        GroupCount(name, reported[name], resolved[name], unresolved[name])
        for name in reported.keys() | unresolved.keys()
    ]
    shown = (g for g in groups if g.reported or g.resolved or g.unresolved)
    return sorted(shown, key=lambda g: (-g.reported, -g.unresolved, g.name))


class _Times:
    """How long resolutions took: how many by their minutes."""

    def __init__(self) -> None:
        self.minutes: Counter[int] = Counter()
        self.with_target = 0
        self.within_target = 0

    def add(self, values: Values) -> None:
        for name, n in values.items():
            if name.isdigit():
                self.minutes[int(name)] += n
        self.with_target += values.get("withTarget", 0)
        self.within_target += values.get("withinTarget", 0)

    def durations(self) -> Durations:
        return Durations(
            self.minutes.total(),
            self._percentile(50) / 60,
            self._percentile(90) / 60,
            self.with_target,
            self.within_target,
        )

    def _percentile(self, percent: int) -> int:
        """Return the minutes at rank ceil(percent x count): nearest rank."""
        rank, seen = -(-self.minutes.total() * percent // 100), 0
        for minutes in sorted(self.minutes):
            seen += self.minutes[minutes]
            if seen >= rank:
                return minutes
        return 0


def _resolutions(
    dynamo: Dynamo, tables: Tables, first_day: str, last_day: str, fold: Fold
) -> tuple[_Times, dict[str, _Times]]:
    """Return how long resolutions took, of all and by type."""
    every, by_type = _Times(), dict[str, _Times]()
    for values in _figures(dynamo, tables, "took", first_day, last_day):
        if not any(n for name, n in values.items() if name.isdigit()):
            continue  # all of them were opened again
        _, issue_type = msgspec.json.decode(values["name"], type=tuple[str, str])
        every.add(values)
        by_type.setdefault(fold(issue_type), _Times()).add(values)
    return every, by_type
