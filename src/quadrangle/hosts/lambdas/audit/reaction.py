"""The audit of a function: what keeps it, and the key of its chain."""

from typing import TYPE_CHECKING

from quadrangle.audit.rules import matters
from quadrangle.hosts.lambdas.base.parts import Parts
from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.later import later

if TYPE_CHECKING:
    from quadrangle.aws.audit.keeper import DynamoAuditKeeper


def audit_reaction(parts: Parts) -> Reaction:
    """Return what keeps a record of each change that matters; of any kind, so the change says.

    The key is asked for with the first change, by the one function that may read it.
    """
    keeper = later(lambda: _keeper(parts))

    async def keep(change: Change) -> None:
        await keeper.keep(change)

    return Reaction("accounts.audit", None, keep, wants=matters)


def audit_key(parts: Parts) -> bytes:
    """Return it, asked for now. Raises KeysUnusable, Unavailable."""
    from quadrangle.aws.audit.key import read_audit_key
    from quadrangle.aws.base.clients import client

    return read_audit_key(client("secretsmanager"), parts.environment.audit_key)


def _keeper(parts: Parts) -> "DynamoAuditKeeper":
    from quadrangle.aws.audit.keeper import DynamoAuditKeeper

    return DynamoAuditKeeper(parts.dynamo, parts.tables, audit_key(parts))
