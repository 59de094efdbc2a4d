"""The limit on requests from one address in front of CloudFront: a stack of its own, as AWS takes
what CloudFront asks in us-east-1 alone. That of the API is in its own template.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

REGION = "us-east-1"
TEMPLATE = Path(__file__).parents[1] / "deploy" / "aws" / "waf.yaml"
FEWEST = 10  # requests within five minutes: AWS takes no lower limit


def requests_of(answers: Mapping[str, str]) -> int:
    """Return how many an address may send within five minutes, 0 for any.

    Raises SystemExit for what AWS would refuse.
    """
    said = answers.get("WafRequests") or "0"
    if not said.isdecimal() or 0 < int(said) < FEWEST:
        raise SystemExit(f"WafRequests is {said}: it takes 0 for no limit, or {FEWEST} and more.")
    return int(said)


def put(client: Any, prefix: str, requests: int) -> str:
    """Make or change the limit; return its ARN. `client` is one of CloudFormation in REGION."""
    told = {"Prefix": prefix, "Requests": str(requests)}
    stack = {
        "StackName": _name(prefix),
        "TemplateBody": TEMPLATE.read_text(),
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in told.items()],
    }
    if not is_there(client, prefix):
        client.create_stack(**stack)
        client.get_waiter("stack_create_complete").wait(StackName=stack["StackName"])
    elif _is_changed(client, stack):
        client.get_waiter("stack_update_complete").wait(StackName=stack["StackName"])
    (found,) = client.describe_stacks(StackName=stack["StackName"])["Stacks"]
    (arn,) = (each["OutputValue"] for each in found["Outputs"] if each["OutputKey"] == "Arn")
    return arn


def remove(client: Any, prefix: str) -> None:
    """Take the limit away, if there is one. CloudFront must not ask it any more."""
    if is_there(client, prefix):
        client.delete_stack(StackName=_name(prefix))
        client.get_waiter("stack_delete_complete").wait(StackName=_name(prefix))


def is_there(client: Any, prefix: str) -> bool:
    try:
        client.describe_stacks(StackName=_name(prefix))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return False
    return True


def _is_changed(client: Any, stack: Mapping[str, Any]) -> bool:
    """Change the stack; False where there is nothing to change."""
    try:
        client.update_stack(**stack)
    except ClientError as error:
        if "No updates" not in error.response["Error"]["Message"]:
            raise
        return False
    return True


def _name(prefix: str) -> str:
    return f"{prefix}waf"
