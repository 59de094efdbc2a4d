"""One's own reports: those of the account that is signed in, and adding what was sent without."""

from typing import Annotated

import msgspec
from litestar.params import JSONBody

from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Id, limits
from quadrangle.http.parameters import Cursor, PageSize
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.issues.http import wire
from quadrangle.issues.model import Issue
from quadrangle.issues.owner_rules import MOST_CLAIMS, Claim, require_account
from quadrangle.issues.rules import MAX_IDEMPOTENCY_KEY
from quadrangle.issues.service import IssueService
from quadrangle.kernel.principal import Principal

calls = Calls("Issues")
# Of calls that add reports, by one account: each may try many.
CLAIM_LIMIT = Limit(burst=10, per_hour=60)
_KEY = f"^[ -~]{{1,{MAX_IDEMPOTENCY_KEY}}}$"  # printable, of ASCII


class OwnIssue(wire.PublicIssue, kw_only=True, rename="camel"):
    """A report as its owner sees it: with what they gave of themselves, and nothing that another
    gave who sent it from the same device."""

    reporter_email: str | None
    reporter_name: str | None


class OwnIssueList(msgspec.Struct, rename="camel"):
    issues: list[OwnIssue]
    count: int
    next_cursor: str | None


class ClaimItem(msgspec.Struct, rename="camel"):
    """A report to add. Without the Idempotency-Key that it was sent with, the address that was
    given in it must be that of the account. What is no id is refused like one of no report."""

    issue_id: str
    key: Annotated[str | None, limits(pattern=_KEY)] = None


class ClaimsBody(msgspec.Struct, rename="camel"):
    """Reports that were sent without signing in."""

    reports: Annotated[list[ClaimItem], limits(minItems=1, maxItems=MOST_CLAIMS)]


class ClaimsAnswer(msgspec.Struct, rename="camel"):
    """Which of the reports are one's own now, and which are not."""

    added: list[Id]
    refused: list[str]


def own_issue(issue: Issue) -> OwnIssue:
    shown = not issue.others_contact
    return OwnIssue(
        **msgspec.structs.asdict(wire.public_issue(issue)),
        reporter_email=issue.reporter_email if shown else None,
        reporter_name=issue.reporter_name if shown else None,
    )


@calls.get("/api/issues/mine", "One's own reports, newest first", SIGNED_IN, fails=(400,))
async def own_reports(
    principal: Injected[Principal],
    issues: Injected[IssueService],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> OwnIssueList:
    page = await issues.own_reports.page(limit, cursor, principal)
    listed = [own_issue(issue) for issue in page.items]
    return OwnIssueList(listed, len(listed), page.next_cursor)


@calls.post(
    "/api/issues/mine",
    "Add reports that were sent without signing in to one's own",
    SIGNED_IN,
    status=200,
    fails=(409, 429),
)
async def claim_reports(
    data: JSONBody[ClaimsBody],
    principal: Injected[Principal],
    issues: Injected[IssueService],
    limiter: Injected[RateLimiter],
) -> ClaimsAnswer:
    limiter.take("claim", require_account(principal), CLAIM_LIMIT)
    claims = [Claim(each.issue_id, each.key) for each in data.reports]
    added = await issues.own_reports.claim(claims, principal)
    refused = [each.issue_id for each in claims if each.issue_id not in added]
    return ClaimsAnswer(added, refused)


ROUTES = [own_reports, claim_reports]
