"""The two calls that everyone makes, as the framework alone answers them: no limits, no log, no
metrics, no headers of ours, issues in memory. Behind the same server, set up alike."""

from __future__ import annotations

import asyncio
import os
import sys

import uvloop
from litestar import Litestar, get, post
from litestar.exceptions import NotFoundException

from quadrangle.hosts.one_machine.serve import serve
from quadrangle.hosts.one_machine.server import SWITCH_INTERVAL_S, spare_collector
from quadrangle.hosts.one_machine.settings import read_settings
from quadrangle.issues.http.wire import PublicIssue, ReportBody, Reported
from quadrangle.issues.model import Priority, Status
from quadrangle.kernel.clock import SystemClock, to_text
from quadrangle.kernel.ids import new_id

_issues: dict[str, PublicIssue] = {}
_clock = SystemClock()


@post("/report-issue", status_code=200)
async def report_issue(data: ReportBody) -> Reported:
    now = to_text(_clock.now())
    issue = PublicIssue(
        issue_id=new_id(),
        issue_type=data.issue_type,
        location=data.location,
        description=data.description,
        status=Status.OPEN,
        priority=Priority.NORMAL,
        created_at=now,
        updated_at=now,
        resolved_at=None,
        due_at=None,
        is_duplicate=False,
        photo_count=0,
        reply_count=0,
    )
    _issues[issue.issue_id] = issue
    return Reported("Issue reported successfully", issue.issue_id)


@get("/issue-status/{issue_id:str}")
async def issue_status(issue_id: str) -> PublicIssue:
    issue = _issues.get(issue_id)
    if issue is None:
        raise NotFoundException
    return issue


@get("/api/config")
async def config() -> dict[str, str]:
    return {}


async def main() -> None:
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    settings = read_settings({**os.environ, "QUADRANGLE_WORKER": "off"})
    app = Litestar([report_issue, issue_status, config], openapi_config=None, logging_config=None)
    spare_collector()
    await serve(app, settings, on_ready=lambda: None, on_stopping=lambda: asyncio.sleep(0))


if __name__ == "__main__":
    uvloop.run(main())
