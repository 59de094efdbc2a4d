"""The stack of an installation: its name, what it was deployed with, and what is in it."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

FIRST_NAME = "quadrangle"  # of installations from before the name followed the prefix
_NEVER_WAS = ("CREATE_", "ROLLBACK_", "REVIEW_", "DELETE_")
_CREATED = "CREATE_COMPLETE"
_NESTED = "AWS::CloudFormation::Stack"


def name_of(client: Any, prefix: str) -> str:
    """Return the name of an installation's stack; `client` is one of CloudFormation.

    Raises SystemExit where a stack of that name is another installation.
    """
    if parameters(client, FIRST_NAME).get("Prefix") == prefix:
        return FIRST_NAME
    name = f"{prefix}quadrangle"
    deployed = parameters(client, name)
    if deployed and deployed.get("Prefix") != prefix:
        raise SystemExit(
            f"The stack {name} is an installation with the prefix {deployed.get('Prefix')}: "
            f"deploying {prefix} there would replace all that it has."
        )
    return name


def parameters(client: Any, name: str) -> dict[str, str]:
    """Return what a stack was deployed with, but for secrets; {} where there is no such stack."""
    try:
        (found,) = client.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return {}
    said = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", [])}
    return {key: value for key, value in said.items() if set(value) != {"*"} or value == "*"}


def is_deployed(client: Any, name: str) -> bool:
    """Tell whether a stack came to be; False also where its first deployment failed."""
    if not parameters(client, name):
        return False
    (found,) = client.describe_stacks(StackName=name)["Stacks"]
    status = found["StackStatus"]
    return status == _CREATED or not status.startswith(_NEVER_WAS)


def resources(client: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield kind and name of everything in a stack and in those within it."""
    pages = client.get_paginator("list_stack_resources").paginate(StackName=name)
    for each in (found for page in pages for found in page["StackResourceSummaries"]):
        kind, made = each["ResourceType"], each.get("PhysicalResourceId", "")
        if not made or each["ResourceStatus"] == "DELETE_COMPLETE":
            continue
        if kind == _NESTED:
            yield from resources(client, made)
        else:
            yield kind, made


def queues(client: Any, name: str) -> set[str]:
    """Return the addresses of all queues of an installation, none of one that never was."""
    if not is_deployed(client, name):
        return set()
    return {made for kind, made in resources(client, name) if kind == "AWS::SQS::Queue"}
