"""The two calls that everyone makes, as the hot lane takes them."""

from collections.abc import Awaitable
from typing import Any

from quadrangle.http.asking.auth import Asking
from quadrangle.http.hot import HotCall
from quadrangle.issues.http import wire
from quadrangle.issues.http.source import HotParts, issue_status, look_up, report, report_issue


def hot_calls(parts: HotParts) -> list[HotCall]:
    def reported(asking: Asking, data: Any) -> Awaitable[wire.Reported]:
        return report(parts, asking, data, asking.headers.get("idempotency-key"))

    def looked_up(asking: Asking, issue_id: Any) -> Awaitable[wire.PublicIssue]:
        return look_up(parts, issue_id)

    return [HotCall(report_issue, reported, wire.ReportBody), HotCall(issue_status, looked_up)]
