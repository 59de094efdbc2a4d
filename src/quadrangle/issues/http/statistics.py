"""How many issues were reported and resolved, and how long that took."""

from typing import Annotated, TypeAlias

import msgspec
from litestar import get
from litestar.params import QueryParameter

from quadrangle.http.auth import SCOPE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import BY_KEY_TOO, Day, problems
from quadrangle.issues.model import Catalog, Status
from quadrangle.issues.ports import Durations, StatisticsData
from quadrangle.issues.service import IssueService
from quadrangle.kernel.principal import Principal

TAGS = ["Overview"]
Days: TypeAlias = Annotated[int, QueryParameter(ge=1, le=3650, description="up to today, UTC")]


class TypeFigures(msgspec.Struct, rename="camel"):
    name: str
    reported: int
    resolved: int
    unresolved: int
    median_hours: float | None
    p90_hours: float | None
    target_hours: int | None


class PlaceFigures(msgspec.Struct, rename="camel"):
    name: str
    reported: int
    resolved: int
    unresolved: int


class DayFigures(msgspec.Struct, rename="camel"):
    day: Day
    reported: int
    resolved: int


class ResolutionFigures(msgspec.Struct, rename="camel"):
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


@get(
    "/api/issues/statistics",
    return_dto=None,
    summary="Statistics (staff)",
    tags=TAGS,
    security=BY_KEY_TOO,
    opt={SCOPE: "statistics:read"},
    responses=problems(400, 401, 403, 429),
)
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
            PlaceFigures(g.name, g.reported, g.resolved, g.unresolved) for g in data.locations
        ],
        per_day=[DayFigures(day.day, day.reported, day.resolved) for day in data.days],
        resolution=_resolution(data.all_durations),
    )


def _types(data: StatisticsData, catalog: Catalog) -> list[TypeFigures]:
    figures = []
    for group in data.types:
        took = data.durations.get(group.name)
        figures.append(
            TypeFigures(
                group.name,
                group.reported,
                group.resolved,
                group.unresolved,
                round(took.median_hours, 2) if took else None,
                round(took.p90_hours, 2) if took else None,
                catalog.target_hours(group.name),
            )
        )
    return figures


def _resolution(took: Durations | None) -> ResolutionFigures:
    if took is None:
        return ResolutionFigures(0, None, None, None)
    share = took.within_target / took.with_target if took.with_target else None
    return ResolutionFigures(
        took.count,
        round(took.median_hours, 2),
        round(took.p90_hours, 2),
        None if share is None else round(share, 4),
    )


ROUTES = [statistics]
