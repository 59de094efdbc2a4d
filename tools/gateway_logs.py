"""The log that API Gateway itself writes of what went wrong in a stage.

It makes that group when it first has something to say, and keeps it for good. No template can have
it: where it is there already, CloudFormation refuses to make it.
"""

import contextlib
from typing import Any

STAGE = "prod"


def group_of(api_id: str) -> str:
    """Return the name that AWS gives it."""
    return f"API-Gateway-Execution-Logs_{api_id}/{STAGE}"


def keep(logs: Any, api_id: str, days: int) -> None:
    """Have it kept for so many days; `logs` is a client of CloudWatch Logs."""
    with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=group_of(api_id))
    logs.put_retention_policy(logGroupName=group_of(api_id), retentionInDays=days)


def forget(logs: Any, api_id: str) -> None:
    """Delete it, if it is there."""
    try:
        logs.delete_log_group(logGroupName=group_of(api_id))
    except logs.exceptions.ResourceNotFoundException:
        return
