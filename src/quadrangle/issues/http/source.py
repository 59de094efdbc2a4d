"""The four calls of the source system, unchanged for its clients."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import msgspec
from litestar import Request
from litestar.params import FromQuery, HeaderParameter, JSONBody, QueryParameter

from quadrangle.http.access_log import log_also
from quadrangle.http.asking.auth import Asking, principal_with
from quadrangle.http.asking.authenticator import Authenticator
from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.http.injection import Injected, part_of
from quadrangle.http.parameters import Cursor, PageSize, word_of
from quadrangle.http.routes import Calls, anyone_or_key, by_key_too
from quadrangle.issues.declared import READ, REPORT, WRITE
from quadrangle.issues.http import wire
from quadrangle.issues.http.parameters import IssueId
from quadrangle.issues.model import Priority, Status
from quadrangle.issues.ports import IssueQuery, Sort
from quadrangle.issues.reporting import Reporting
from quadrangle.issues.rules import MAX_IDEMPOTENCY_KEY, MAX_NAME, MAX_QUERY, NewReport
from quadrangle.issues.service import IssueService
from quadrangle.kernel.errors import TooManyRequests
from quadrangle.kernel.principal import Principal

calls = Calls("Issues")
# Of mails that confirm reports, to one address, whoever reports with it.
MAIL_LIMIT = Limit(burst=10, per_hour=10)

_NO_NUL = r"^[^\u0000]*$"  # which PostgreSQL cannot be asked for

StatusFilter: TypeAlias = Annotated[str | None, word_of(Status)]
PriorityFilter: TypeAlias = Annotated[str | None, word_of(Priority)]
SortBy: TypeAlias = Annotated[str | None, word_of(Sort)]
TypeFilter: TypeAlias = Annotated[
    str | None, QueryParameter(name="issueType", max_length=MAX_NAME, pattern=_NO_NUL)
]
PlaceFilter: TypeAlias = Annotated[str | None, QueryParameter(max_length=MAX_NAME, pattern=_NO_NUL)]
AssigneeFilter: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        name="assigneeId", max_length=MAX_NAME, pattern=_NO_NUL, description="none: nobody"
    ),
]
SearchText: TypeAlias = Annotated[
    str | None, QueryParameter(max_length=MAX_QUERY, description="words to search for")
]
IdempotencyKey: TypeAlias = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="the same key with the same report gives the same issue, for a day",
        schema_extra={
            "minLength": 1,
            "maxLength": MAX_IDEMPOTENCY_KEY,
            "pattern": "^[!-~]([ -~]*[!-~])?$",
        },
    ),
]


class HotParts(msgspec.Struct, frozen=True):
    """What the two calls that everyone makes need, fetched in one step.

    The framework resolves injected parts in a task group on every request, which took more than
    half of the time of a report; see decision 0003.
    """

    reporting: Reporting
    authenticator: Authenticator
    limiter: RateLimiter
    report_limit: Limit
    address_of: Callable[[Any], str]


@calls.post("/report-issue", "Report an issue", anyone_or_key(REPORT), status=200, fails=(422,))
async def report_issue(
    data: JSONBody[wire.ReportBody],
    request: Request[Any, Any, Any],
    idempotency_key: IdempotencyKey = None,
) -> wire.Reported:
    return await report(part_of(request, HotParts), request, data, idempotency_key)


async def report(
    parts: HotParts, asking: Asking, data: wire.ReportBody, idempotency_key: str | None
) -> wire.Reported:
    """Answer a report, whoever took it in."""
    address = parts.address_of(asking.scope)
    principal = await principal_with(asking, REPORT.name, parts.authenticator, address)
    if principal.scopes is None:  # an API key has a limit of its own
        parts.limiter.take("report", address, parts.report_limit)
    new = NewReport(
        issue_type=data.issue_type,
        location=data.location,
        description=data.description,
        email=data.email,
        name=data.name,
        idempotency_key=idempotency_key,
        unmailed=_is_mailed_enough(data.email, parts.limiter),
    )
    issue = await parts.reporting.report(new, principal)
    # not the type itself: one that is not in the catalog is what somebody typed
    log_also(asking.scope, issue_type=parts.reporting.counted_as(issue))
    return wire.Reported("Issue reported successfully", issue.issue_id)


def _is_mailed_enough(email: str | None, limiter: RateLimiter) -> bool:
    """Count one more mail to an address, which may be that of somebody who never reported."""
    if not email or not email.strip():
        return False
    try:
        limiter.take("mail", email.strip().lower(), MAIL_LIMIT)
    except TooManyRequests:
        return True
    return False


@calls.get("/issue-status/{issueId:str}", "Look up an issue by its id")
async def issue_status(issue_id: IssueId, request: Request[Any, Any, Any]) -> wire.PublicIssue:
    return await look_up(part_of(request, HotParts), issue_id)


async def look_up(parts: HotParts, issue_id: str) -> wire.PublicIssue:
    """Answer a look-up, whoever took it in."""
    return wire.public_issue(await parts.reporting.look_up(issue_id))


@calls.put("/update-status", "Move an issue along (staff)", by_key_too(WRITE), fails=(404, 409))
async def update_status(
    data: JSONBody[wire.StatusBody], principal: Injected[Principal], issues: Injected[IssueService]
) -> wire.StatusUpdated:
    issue = await issues.triage.set_status(data.issue_id, data.status, principal)
    message = f"Status updated to {issue.status}"
    return wire.StatusUpdated(
        message=message,
        issue_id=issue.issue_id,
        status=issue.status,
        updated_at=issue.updated_at,
    )


@calls.get(
    "/get-all-issues",
    "List and search issues, newest first unless asked otherwise (staff)",
    by_key_too(READ),
    fails=(400,),
)
async def get_all_issues(
    principal: Injected[Principal],
    issues: Injected[IssueService],
    issue_query: Injected[IssueQuery],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> wire.IssueList:
    page = await issues.overview.page(issue_query, limit, cursor, principal)
    names = await issues.staff.staff_names()
    listed = [wire.staff_issue(issue, names) for issue in page.items]
    return wire.IssueList(listed, len(listed), page.next_cursor)


async def provide_issue_query(
    issues: Injected[IssueService],
    status: StatusFilter = None,
    issue_type: TypeFilter = None,
    location: PlaceFilter = None,
    assignee_id: AssigneeFilter = None,
    priority: PriorityFilter = None,
    q: SearchText = None,
    overdue: FromQuery[bool] = False,
    sort: SortBy = None,
) -> IssueQuery:
    """Read the filters of a list from the query string; an empty one does not narrow."""
    return IssueQuery(
        status=Status(status) if status else None,
        issue_type=issue_type or None,
        location=location or None,
        assignee_id=assignee_id or None,
        priority=Priority(priority) if priority else None,
        text=(q or "").strip() or None,
        overdue_at=issues.overview.now_text() if overdue else None,
        sort=Sort(sort) if sort else Sort.NEWEST,
    )


OPEN_ROUTES = [report_issue, issue_status]
STAFF_ROUTES = [update_status, get_all_issues]
ROUTES = [*OPEN_ROUTES, *STAFF_ROUTES]
