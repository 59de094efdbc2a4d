"""Asks for rights to schedules by the group they are in, as EventBridge Scheduler does: the
stand-in takes all to be in the group `default`. Leaning on it: whatever puts, looks up or takes
back schedules where rights are enforced (AUTH=true).
"""

import json
from typing import Any

from ministack.core import iam_actions


def authorize_schedules_by_group() -> None:
    resource_of = iam_actions.extract_resource_arn

    def resource_in_group(
        service: str,
        method: str,
        path: str,
        headers: Any,
        body: bytes,
        params: dict[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        found = resource_of(service, method, path, headers, body, params, region, account_id)
        group = _group(body, params) if service == "scheduler" else None
        return found.replace(":schedule/default/", f":schedule/{group}/") if group else found

    iam_actions.extract_resource_arn = resource_in_group


def _group(body: bytes, params: dict[str, Any]) -> str | None:
    if body:
        return json.loads(body).get("GroupName")
    given = params.get("groupName")
    return given[0] if isinstance(given, list) and given else given
