"""Takes a right from the role of a deployed function for a while."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.deployed.stack import PREFIX, Stack


@contextmanager
def without(stack: Stack, function: str, action: str, resource: str) -> Iterator[None]:
    """Have a function do without what it may do with the resource whose ARN ends so."""
    iam = stack.standin.client("iam")
    found = stack.standin.client("lambda").get_function(FunctionName=f"{PREFIX}{function}")
    role = found["Configuration"]["Role"].rpartition("/")[2]
    policy = iam.get_role_policy(RoleName=role, PolicyName="work")["PolicyDocument"]
    kept = [each for each in policy["Statement"] if not _allows(each, action, resource)]
    assert len(kept) < len(policy["Statement"])
    try:
        _put(iam, role, {**policy, "Statement": kept})
        yield
    finally:
        _put(iam, role, policy)


def _allows(statement: dict[str, Any], action: str, resource: str) -> bool:
    return action in statement["Action"] and any(
        each.endswith(resource) for each in statement["Resource"]
    )


def _put(iam: Any, role: str, policy: dict[str, Any]) -> None:
    iam.put_role_policy(RoleName=role, PolicyName="work", PolicyDocument=json.dumps(policy))
