"""Answers for Service Quotas, which the stand-in has not: how many processors instances may have.

Leaning on it: tests/deployed/meetings, where the function that launches desktops asks how many fit.
"""

import json
from typing import Any

from ministack import app
from ministack.core import iam_actions, router

NAME = "servicequotas"
PROCESSORS = 1024.0


def answer_for_quotas() -> None:
    resource_of = iam_actions.extract_resource_arn

    def resource_or_quota(
        service: str,
        method: str,
        path: str,
        headers: Any,
        body: bytes,
        params: dict[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        if service != NAME:
            return resource_of(service, method, path, headers, body, params, region, account_id)
        asked = json.loads(body)
        quota = f"{asked['ServiceCode']}/{asked['QuotaCode']}"
        return f"arn:aws:servicequotas:{region}:{account_id}:{quota}"

    iam_actions.extract_resource_arn = resource_or_quota
    router.SERVICE_PATTERNS[NAME] = {"target_prefixes": ["ServiceQuotasV20190624"]}
    app.SERVICE_HANDLERS[NAME] = _answer


async def _answer(method: str, path: str, headers: Any, body: bytes, params: Any) -> Any:
    asked = json.loads(body)
    if not str(headers.get("x-amz-target", "")).endswith(".GetServiceQuota"):
        error = {"__type": "InvalidAction", "message": "The stand-in knows GetServiceQuota alone."}
        return 400, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(error).encode()
    quota = {**asked, "Value": PROCESSORS, "Unit": "None", "Adjustable": True}
    answer = json.dumps({"Quota": quota}).encode()
    return 200, {"Content-Type": "application/x-amz-json-1.1"}, answer
