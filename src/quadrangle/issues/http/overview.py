"""Counts beside the list of issues, and its export."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Response

from quadrangle.http.answers.csv_files import csv_pieces
from quadrangle.http.answers.downloads import Downloads
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import elsewhere
from quadrangle.http.routes import Calls, by_key_too
from quadrangle.issues.declared import READ
from quadrangle.issues.http.source import PlaceFilter, TypeFilter
from quadrangle.issues.model import Issue, Status
from quadrangle.issues.ports import IssueQuery
from quadrangle.issues.service import IssueService
from quadrangle.kernel.principal import Principal

calls = Calls("Overview")


class CountsBody(msgspec.Struct, kw_only=True, rename="camel"):
    total: int
    status: dict[Status, int]
    issue_type: dict[str, int]
    location: dict[str, int]
    unassigned: int
    overdue: int
    urgent: int
    mine: int


@calls.get(
    "/api/issues/counts", "Counts beside the filters (staff)", by_key_too(READ), fails=(400,)
)
async def counts(
    principal: Injected[Principal],
    issues: Injected[IssueService],
    issue_type: TypeFilter = None,
    location: PlaceFilter = None,
) -> CountsBody:
    found = await issues.overview.counts(issue_type or None, location or None, principal)
    return CountsBody(
        total=found.total,
        status=found.status,
        issue_type=found.issue_type,
        location=found.location,
        unassigned=found.unassigned,
        overdue=found.overdue,
        urgent=found.urgent,
        mine=found.mine,
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


@calls.get(
    "/api/issues/export.csv",
    "Export the list as CSV (staff)",
    by_key_too(READ),
    fails=(400,),
    answers=elsewhere(),
    media_type="text/csv",
)
async def export(
    principal: Injected[Principal],
    issues: Injected[IssueService],
    downloads: Injected[Downloads],
    issue_query: Injected[IssueQuery],
) -> Response[Any]:
    found = await issues.overview.export(issue_query, principal)
    names = await issues.staff.staff_names()
    day = issues.overview.today().isoformat()
    return await downloads.answer(f"issues-{day}.csv", csv_pieces(CSV_COLUMNS, _rows(found, names)))


async def _rows(issues: AsyncIterator[Issue], names: dict[str, str]) -> AsyncIterator[list[object]]:
    async for issue in issues:
        yield [_value(issue, column, names) for column in CSV_COLUMNS]


def _value(issue: Issue, column: str, names: dict[str, str]) -> object:
    if column == "assignee":
        return names.get(issue.assignee_id or "", issue.assignee_id)
    return getattr(issue, column)


ROUTES = [counts, export]
