"""The audit of a function: what keeps it, and the key of its chain."""

from typing import TYPE_CHECKING

from quadrangle.audit.rules import Recording
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.lazily import lazily

if TYPE_CHECKING:
    from quadrangle.aws.audit.keeper import DynamoAuditKeeper


def audit_reaction(parts: FunctionParts, recording: Recording) -> Reaction:
    """Return what keeps a record of each change that matters; of any kind, so the change says.

    The key is asked for with the first change, by the one function that may read it.
    """
    keeper = lazily(lambda: _keeper(parts, recording))

    async def keep(change: Change) -> None:
        await keeper.keep(change)

    return Reaction("accounts.audit", None, keep, wants=recording.matters)


def audit_key(parts: FunctionParts) -> bytes:
    """Return it, asked for now. Raises KeysUnusable, Unavailable."""
    from quadrangle.aws.audit.key import read_audit_key
    from quadrangle.aws.base.clients import client

    return read_audit_key(client("secretsmanager"), parts.environment.audit_key)


def _keeper(parts: FunctionParts, recording: Recording) -> "DynamoAuditKeeper":
    from quadrangle.aws.audit.keeper import DynamoAuditKeeper

    return DynamoAuditKeeper(parts.dynamo, parts.tables, audit_key(parts), recording)
