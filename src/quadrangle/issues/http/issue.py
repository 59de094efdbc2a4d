"""Issues beyond the source: one issue and its conversation, under /api/issues."""

from typing import Any

import msgspec
from litestar import get, patch, post
from litestar.params import JSONBody

from quadrangle.http.auth import SCOPE
from quadrangle.http.bodies import StrictBody
from quadrangle.http.injection import Injected
from quadrangle.http.limits import Limit, RateLimiter
from quadrangle.http.openapi import BY_KEY_TOO, problems
from quadrangle.issues.http import wire
from quadrangle.issues.http.parameters import IssueId
from quadrangle.issues.rules import Edit
from quadrangle.issues.service import IssueService
from quadrangle.kernel.principal import Principal

TAGS = ["Issues"]
REPLY_LIMIT = Limit(burst=20, per_hour=120)


@get(
    "/api/issues/{issueId:str}",
    return_dto=None,
    summary="One issue with all that belongs to it (staff)",
    tags=TAGS,
    security=BY_KEY_TOO,
    opt={SCOPE: "issues:read"},
    responses=problems(401, 403, 404, 429),
)
async def whole_issue(
    issue_id: IssueId,
    principal: Injected[Principal],
    issues: Injected[IssueService],
) -> wire.StaffThread:
    thread = await issues.conversation.whole(issue_id, principal)
    names = await issues.staff.staff_names()
    return wire.StaffThread(
        issue=wire.staff_issue(thread.issue, names),
        conversation=[wire.entry(entry) for entry in thread.entries],
        history=[wire.history_item(change, names) for change in thread.history],
        photos=[wire.photo_item(photo) for photo in thread.photos],
        duplicates=[wire.staff_issue(issue, names) for issue in thread.duplicates],
    )


@patch(
    "/api/issues/{issueId:str}",
    dto=StrictBody,
    return_dto=None,
    summary="Change an issue (staff)",
    tags=TAGS,
    security=BY_KEY_TOO,
    opt={SCOPE: "issues:write"},
    responses=problems(400, 401, 403, 404, 409, 413, 429),
)
async def edit_issue(
    issue_id: IssueId,
    data: JSONBody[wire.EditBody],
    principal: Injected[Principal],
    issues: Injected[IssueService],
) -> wire.StaffIssue:
    fields: dict[str, Any] = {
        name: value
        for name in Edit.__struct_fields__
        if (value := getattr(data, name)) is not msgspec.UNSET
    }
    version = data.version if isinstance(data.version, int) else None
    issue = await issues.triage.edit(issue_id, Edit(**fields), principal, version)
    return wire.staff_issue(issue, await issues.staff.staff_names())


@get(
    "/api/issues/{issueId:str}/conversation",
    return_dto=None,
    summary="What the reporter may follow of an issue",
    tags=TAGS,
    responses=problems(404),
)
async def public_conversation(
    issue_id: IssueId, issues: Injected[IssueService]
) -> wire.PublicThread:
    thread = await issues.conversation.public(issue_id)
    return wire.PublicThread(
        entries=[wire.entry(entry) for entry in thread.entries],
        timeline=[wire.history_item(change, {}) for change in thread.history],
        photos=[wire.photo_item(photo) for photo in thread.photos],
    )


@post(
    "/api/issues/{issueId:str}/replies",
    dto=StrictBody,
    return_dto=None,
    summary="Reply on an issue, for everyone on it to read",
    tags=TAGS,
    security=[{}, *BY_KEY_TOO],
    opt={SCOPE: "issues:write"},
    responses=problems(400, 401, 403, 404, 409, 413, 429),
)
async def reply(
    issue_id: IssueId,
    data: JSONBody[wire.TextBody],
    principal: Injected[Principal],
    client_address: Injected[str],
    issues: Injected[IssueService],
    limiter: Injected[RateLimiter],
) -> wire.Entry:
    if not principal.is_staff:
        limiter.take("reply", client_address, REPLY_LIMIT)
    return wire.entry(await issues.conversation.reply(issue_id, data.text, principal))


@post(
    "/api/issues/{issueId:str}/notes",
    dto=StrictBody,
    return_dto=None,
    summary="Note something for staff only",
    tags=TAGS,
    security=BY_KEY_TOO,
    opt={SCOPE: "issues:write"},
    responses=problems(400, 401, 403, 404, 409, 413, 429),
)
async def note(
    issue_id: IssueId,
    data: JSONBody[wire.TextBody],
    principal: Injected[Principal],
    issues: Injected[IssueService],
) -> wire.Entry:
    return wire.entry(await issues.conversation.note(issue_id, data.text, principal))


ROUTES = [whole_issue, edit_issue, public_conversation, reply, note]
