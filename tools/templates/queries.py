"""The log groups that saved queries look into, as CloudFormation."""

from collections.abc import Sequence

from deploy.aws.inventory.model import Function, Inventory

_MOST = 50  # groups that CloudWatch looks into at once


def all_groups(inventory: Inventory) -> str:
    """Return the log groups of all functions."""
    return _groups(inventory.functions)


def groups_of_requests(inventory: Inventory) -> str:
    """Return the log groups of functions that answer requests."""
    return _groups(inventory.answering)


def _groups(functions: Sequence[Function]) -> str:
    if len(functions) > _MOST:
        raise ValueError(f"A saved query looks into {_MOST} log groups at most: please cut it.")
    return "".join(f'- !Sub "/aws/lambda/${{Prefix}}{each.name}"\n' for each in functions)
