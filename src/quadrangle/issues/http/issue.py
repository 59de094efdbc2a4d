"""Issues beyond the source: one issue and its conversation, under /api/issues."""

from typing import Any

import msgspec
from litestar.params import JSONBody

from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.http.injection import Injected
from quadrangle.http.routes import Calls, anyone_or_key, by_key_too
from quadrangle.issues.declared import READ, WRITE
from quadrangle.issues.http import wire
from quadrangle.issues.http.parameters import IssueId
from quadrangle.issues.rules import IssueEdit
from quadrangle.issues.service import IssueService
from quadrangle.kernel.principal import Principal

calls = Calls("Issues")
REPLY_LIMIT = Limit(burst=20, per_hour=120)


@calls.get(
    "/api/issues/{issueId:str}", "One issue with all that belongs to it (staff)", by_key_too(READ)
)
async def whole_issue(
    issue_id: IssueId,
    principal: Injected[Principal],
    issues: Injected[IssueService],
) -> wire.StaffThread:
    thread = await issues.conversation.whole(issue_id, principal)
    names = await issues.staff.staff_names()
    owner_id = thread.issue.reporter_id
    owner = await issues.members.name_of(owner_id) if owner_id else None
    return wire.StaffThread(
        issue=wire.staff_issue(thread.issue, names),
        conversation=[wire.entry(entry) for entry in thread.entries],
        history=[wire.history_item(change, names) for change in thread.history],
        photos=[wire.photo_item(photo) for photo in thread.photos],
        duplicates=[wire.staff_issue(issue, names) for issue in thread.duplicates],
        owner=wire.Owner(owner_id, owner) if owner_id and owner else None,
    )


@calls.get(
    "/api/issues/{issueId:str}/similar",
    "What may be about the same as an issue, the likeliest first (staff)",
    by_key_too(READ),
)
async def similar_issues(
    issue_id: IssueId,
    principal: Injected[Principal],
    issues: Injected[IssueService],
) -> wire.SimilarIssues:
    found = await issues.overview.similar(issue_id, principal)
    names = await issues.staff.staff_names()
    return wire.SimilarIssues(
        [
            wire.SimilarIssue(
                wire.staff_issue(each.issue, names), each.same_type, each.same_place, each.words
            )
            for each in found
        ]
    )


@calls.patch(
    "/api/issues/{issueId:str}", "Change an issue (staff)", by_key_too(WRITE), fails=(409,)
)
async def edit_issue(
    issue_id: IssueId,
    data: JSONBody[wire.EditBody],
    principal: Injected[Principal],
    issues: Injected[IssueService],
) -> wire.StaffIssue:
    fields: dict[str, Any] = {
        name: value
        for name in IssueEdit.__struct_fields__
        if (value := getattr(data, name)) is not msgspec.UNSET
    }
    version = data.version if isinstance(data.version, int) else None
    issue = await issues.triage.edit(issue_id, IssueEdit(**fields), principal, version)
    edited = wire.staff_issue(issue, await issues.staff.staff_names())
    if principal.scopes is not None and READ.name not in principal.scopes:
        return wire.without_what_staff_reads(edited)
    return edited


@calls.get("/api/issues/{issueId:str}/conversation", "What the reporter may follow of an issue")
async def public_conversation(
    issue_id: IssueId, issues: Injected[IssueService]
) -> wire.PublicThread:
    thread = await issues.conversation.public(issue_id)
    return wire.PublicThread(
        entries=[wire.entry(entry) for entry in thread.entries],
        timeline=[wire.history_item(change, {}) for change in thread.history],
        photos=[wire.photo_item(photo) for photo in thread.photos],
    )


@calls.post(
    "/api/issues/{issueId:str}/replies",
    "Reply on an issue, for everyone on it to read",
    anyone_or_key(WRITE),
    fails=(409,),
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


@calls.post(
    "/api/issues/{issueId:str}/notes",
    "Note something for staff only",
    by_key_too(WRITE),
    fails=(409,),
)
async def note(
    issue_id: IssueId,
    data: JSONBody[wire.TextBody],
    principal: Injected[Principal],
    issues: Injected[IssueService],
) -> wire.Entry:
    return wire.entry(await issues.conversation.note(issue_id, data.text, principal))


ROUTES = [whole_issue, similar_issues, edit_issue, public_conversation, reply, note]
