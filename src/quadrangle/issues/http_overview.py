"""Counts beside the list of issues, and its export."""

import csv
import io
from collections.abc import AsyncIterator

import msgspec
from litestar import get
from litestar.response import Stream

from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems
from quadrangle.issues.http_source import PlaceFilter, TypeFilter
from quadrangle.issues.model import Issue, Status
from quadrangle.issues.overview import Overview
from quadrangle.issues.ports import IssueQuery, StaffDirectory
from quadrangle.kernel.principal import Principal

TAGS = ["Overview"]


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
# Excel reads a file without it in the old character set of its machine.
_BYTE_ORDER_MARK = "\ufeff"


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
    buffer.write(_BYTE_ORDER_MARK)
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


ROUTES = [counts, export]
