"""How many issues were reported and resolved, and how long that took."""

from typing import Annotated, TypeAlias

import msgspec
from litestar.params import QueryParameter

from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Day
from quadrangle.http.routes import Calls, by_key_too
from quadrangle.issues.declared import STATISTICS
from quadrangle.issues.model import Catalog, Status
from quadrangle.issues.ports import Durations, StatisticsData
from quadrangle.issues.service import IssueService
from quadrangle.kernel.principal import Principal

calls = Calls("Overview")
Days: TypeAlias = Annotated[
    int, QueryParameter(ge=1, le=3650, description="up to today on the campus")
]


class TypeFigures(msgspec.Struct, kw_only=True, rename="camel"):
    name: str
    reported: int
    resolved: int
    unresolved: int
    median_hours: float | None
    p90_hours: float | None
    target_hours: int | None


class PlaceFigures(msgspec.Struct, kw_only=True, rename="camel"):
    name: str
    reported: int
    resolved: int
    unresolved: int


class DayFigures(msgspec.Struct, kw_only=True, rename="camel"):
    day: Day
    reported: int
    resolved: int


class ResolutionFigures(msgspec.Struct, kw_only=True, rename="camel"):
    """Hours are null when nothing was resolved; `withinTarget` is a share, 0 to 1."""

    count: int
    median_hours: float | None
    p90_hours: float | None
    within_target: float | None


class Statistics(msgspec.Struct, rename="camel"):
    days: int
    # `from` is a word of the language
    first: Day = msgspec.field(name="from")
    last: Day = msgspec.field(name="to")
    reported: int
    resolved: int
    open: dict[str, int]
    by_status: dict[Status, int]
    by_type: list[TypeFigures]
    by_location: list[PlaceFigures]
    per_day: list[DayFigures]
    resolution: ResolutionFigures


@calls.get("/api/issues/statistics", "Statistics (staff)", by_key_too(STATISTICS), fails=(400,))
async def statistics(
    principal: Injected[Principal],
    issues: Injected[IssueService],
    days: Days = 90,
) -> Statistics:
    first, last, data = await issues.overview.statistics(days, principal)
    catalog = await issues.catalogs.current()
    return Statistics(
        days=days,
        first=first,
        last=last,
        reported=sum(day.reported for day in data.days),
        resolved=sum(day.resolved for day in data.days),
        open={s: data.status[s] for s in (Status.OPEN, Status.IN_PROGRESS)},
        by_status=data.status,
        by_type=_types(data, catalog),
        by_location=[
            PlaceFigures(
                name=group.name,
                reported=group.reported,
                resolved=group.resolved,
                unresolved=group.unresolved,
            )
            for group in data.locations
        ],
        per_day=[
            DayFigures(day=day.day, reported=day.reported, resolved=day.resolved)
            for day in data.days
        ],
        resolution=_resolution(data.all_durations),
    )


def _types(data: StatisticsData, catalog: Catalog) -> list[TypeFigures]:
    figures = []
    for group in data.types:
        took = data.durations.get(group.name)
        figures.append(
            TypeFigures(
                name=group.name,
                reported=group.reported,
                resolved=group.resolved,
                unresolved=group.unresolved,
                median_hours=round(took.median_hours, 2) if took else None,
                p90_hours=round(took.p90_hours, 2) if took else None,
                target_hours=catalog.target_hours(group.name),
            )
        )
    return figures


def _resolution(took: Durations | None) -> ResolutionFigures:
    if took is None:
        return ResolutionFigures(count=0, median_hours=None, p90_hours=None, within_target=None)
    share = took.within_target / took.with_target if took.with_target else None
    return ResolutionFigures(
        count=took.count,
        median_hours=round(took.median_hours, 2),
        p90_hours=round(took.p90_hours, 2),
        within_target=None if share is None else round(share, 4),
    )


ROUTES = [statistics]
