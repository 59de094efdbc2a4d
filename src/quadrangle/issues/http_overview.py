"""Counts, statistics, export and the catalog."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from litestar import get, put
from litestar.params import JSONBody, QueryParameter
from litestar.response import Stream

from quadrangle.http.bodies import StrictBody
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems
from quadrangle.issues.http_source import PlaceFilter, TypeFilter
from quadrangle.issues.model import Catalog, Issue, IssueType, Status
from quadrangle.issues.overview import CatalogEditor, Overview
from quadrangle.issues.photos import ACCEPTED, MAX_BYTES
from quadrangle.issues.ports import Durations, IssueQuery, StaffDirectory, StatisticsData
from quadrangle.issues.rules import MAX_PHOTOS
from quadrangle.issues.service import Catalogs
from quadrangle.kernel.principal import Principal

TAGS = ["Overview"]


class PhotoLimit(msgspec.Struct, rename="camel"):
    bytes: int
    per_issue: int
    types: list[str]


class Config(msgspec.Struct, rename="camel"):
    """What the pages need to know before anyone signs in."""

    campus_name: str
    issue_types: list[IssueType]
    locations: list[str]
    photo_limit: PhotoLimit
    mail_delivery: str


@get(
    "/api/config", return_dto=None, summary="What the forms offer", tags=TAGS, responses=problems()
)
async def config(catalogs: Injected[Catalogs], mail_delivery: Injected[str]) -> Config:
    catalog = await catalogs.current()
    return Config(
        catalog.campus_name,
        list(catalog.issue_types),
        list(catalog.locations),
        PhotoLimit(MAX_BYTES, MAX_PHOTOS, list(ACCEPTED)),
        mail_delivery,
    )


class CountsBody(msgspec.Struct, rename="camel"):
    total: int
    status: dict[Status, int]
    issue_type: dict[str, int]
    location: dict[str, int]
    unassigned: int
    overdue: int


@get(
    "/api/issues/counts",
    return_dto=None,
    summary="Counts beside the filters (staff)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403),
)
async def counts(
    principal: Injected[Principal],
    overview: Injected[Overview],
    issue_type: TypeFilter = None,
    location: PlaceFilter = None,
) -> CountsBody:
    found = await overview.counts(issue_type or None, location or None, principal)
    return CountsBody(
        found.total,
        found.status,
        found.issue_type,
        found.location,
        found.unassigned,
        found.overdue,
    )


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
    day: str
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
    first: str = msgspec.field(name="from")
    last: str = msgspec.field(name="to")
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
    security=SIGNED_IN,
    responses=problems(400, 401, 403),
)
async def statistics(
    principal: Injected[Principal],
    overview: Injected[Overview],
    catalogs: Injected[Catalogs],
    days: Annotated[int, QueryParameter(ge=1, le=3650)] = 90,
) -> Statistics:
    first, last, data = await overview.statistics(days, principal)
    catalog = await catalogs.current()
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


CSV_COLUMNS = (
    "issue_id",
    "issue_type",
    "location",
    "description",
    "status",
    "priority",
    "created_at",
    "updated_at",
    "resolved_at",
    "due_at",
    "duplicate_of",
    "reporter_name",
    "reporter_email",
    "assignee",
    "photo_count",
    "reply_count",
)
_CSV_CHUNK = 200


@get(
    "/api/issues/export.csv",
    summary="Export the list as CSV (staff)",
    tags=TAGS,
    security=SIGNED_IN,
    media_type="text/csv",
    responses=problems(400, 401, 403),
)
async def export(
    principal: Injected[Principal],
    overview: Injected[Overview],
    staff: Injected[StaffDirectory],
    issue_query: Injected[IssueQuery],
) -> Stream:
    issues = overview.stream(issue_query, principal)
    names = await staff.staff_names()
    day = overview.now_text()[:10]
    return Stream(
        _csv(issues, names),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="issues-{day}.csv"'},
    )


async def _csv(issues: AsyncIterator[Issue], names: dict[str, str]) -> AsyncIterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(CSV_COLUMNS)
    rows = 0
    async for issue in issues:
        writer.writerow([_cell(_value(issue, column, names)) for column in CSV_COLUMNS])
        rows += 1
        if rows % _CSV_CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _value(issue: Issue, column: str, names: dict[str, str]) -> object:
    if column == "assignee":
        return names.get(issue.assignee_id or "", issue.assignee_id)
    return getattr(issue, column)


def _cell(value: object) -> str:
    """Return a cell; a text that a spreadsheet would run as a formula is kept a text."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


class CatalogBody(msgspec.Struct, rename="camel"):
    campus_name: str
    issue_types: list[IssueType]
    locations: list[str]
    version: Annotated[int, msgspec.Meta(ge=0)]


def _catalog_body(catalog: Catalog) -> CatalogBody:
    return CatalogBody(
        catalog.campus_name, list(catalog.issue_types), list(catalog.locations), catalog.version
    )


@get(
    "/api/issues/settings",
    return_dto=None,
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403),
    summary="Types, targets and locations (admin)",
)
async def read_settings(
    principal: Injected[Principal], catalog_editor: Injected[CatalogEditor]
) -> CatalogBody:
    return _catalog_body(await catalog_editor.read(principal))


@put(
    "/api/issues/settings",
    dto=StrictBody,
    return_dto=None,
    tags=TAGS,
    security=SIGNED_IN,
    summary="Save types, targets and locations (admin)",
    responses=problems(400, 401, 403, 409, 413),
)
async def save_settings(
    data: JSONBody[CatalogBody],
    principal: Injected[Principal],
    catalog_editor: Injected[CatalogEditor],
) -> CatalogBody:
    catalog = Catalog(
        data.campus_name, tuple(data.issue_types), tuple(data.locations), data.version
    )
    return _catalog_body(await catalog_editor.save(catalog, principal))


ROUTES = [config, counts, statistics, export, read_settings, save_settings]
