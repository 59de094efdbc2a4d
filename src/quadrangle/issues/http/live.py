"""Live updates: the reporter's page follows one issue, the staff list follows all."""

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request
from litestar.response import Stream

from quadrangle.http.asking.authenticator import Authenticator
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.http.streaming.lasting import signed_in_still
from quadrangle.http.streaming.live import Holds, LiveFeed
from quadrangle.issues.http.parameters import IssueId
from quadrangle.issues.rules import STAFF_KINDS
from quadrangle.issues.service import IssueService
from quadrangle.kernel.change import Change
from quadrangle.kernel.principal import Principal, require_staff

calls = Calls("Live")
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class IssueEvent(msgspec.Struct, rename="camel"):
    """What pages are told of a change; they ask for the rest."""

    seq: int
    kind: str
    issue_id: str
    at: str


def shown(change: Change) -> IssueEvent:
    return IssueEvent(seq=change.seq, kind=change.kind, issue_id=change.subject, at=change.at)


@calls.get(
    "/api/issues/{issueId:str}/events",
    "Follow one issue (server-sent events)",
    media_type="text/event-stream",
)
async def issue_events(
    issue_id: IssueId, issues: Injected[IssueService], live: Injected[LiveFeed]
) -> Stream:
    issue = await issues.reporting.look_up(issue_id)

    def wanted(change: Change) -> bool:
        return change.subject == issue.issue_id and change.kind not in STAFF_KINDS

    return _stream(live, wanted, None)  # whoever knows the id may


@calls.get(
    "/api/issues/events",
    "Follow all issues (staff; server-sent events)",
    SIGNED_IN,
    media_type="text/event-stream",
)
async def all_events(
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    authenticator: Injected[Authenticator],
    live: Injected[LiveFeed],
) -> Stream:
    require_staff(principal)
    holds = signed_in_still(request, authenticator, principal, require_staff)
    return _stream(live, lambda change: change.kind.startswith("issue."), holds)


def _stream(live: LiveFeed, wanted: Callable[[Change], bool], holds: Holds | None) -> Stream:
    events = live.events(wanted, shown, holds)
    return Stream(events, media_type="text/event-stream", headers=_HEADERS)


ROUTES = [issue_events, all_events]
