"""The records of all that the other samples changed, in the chain of one key."""

from quadrangle.audit.ports import AuditStore
from quadrangle.aws.audit.check import DynamoAuditCheck
from quadrangle.aws.audit.keeper import DynamoAuditKeeper
from quadrangle.aws.audit.store import DynamoAudit
from quadrangle.aws.feed.changes import change_of
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.hosts.one_machine.services import RECORDING
from quadrangle.sql.audit.projection import AuditProjection
from quadrangle.sql.audit.store import SqlAudit, check_audit
from quadrangle.sql.feed.dispatch import Dispatcher
from tests.old_records.wings import DynamoWing, SqlWing, Wing

KEY = b"the key of the chain of old records, of no use"


def audit_store(wing: Wing) -> AuditStore:
    if isinstance(wing, SqlWing):
        return SqlAudit(wing.database)
    return DynamoAudit(wing.dynamo, wing.tables)


async def problems(wing: Wing) -> list[str]:
    """Return what is wrong with the audit."""
    if isinstance(wing, SqlWing):
        return await check_audit(wing.database, KEY, RECORDING)
    return list(_check(wing).problems())


def _check(wing: DynamoWing) -> DynamoAuditCheck:
    return DynamoAuditCheck(wing.dynamo, wing.tables, KEY, wing.clock, RECORDING)


async def write_audit(wing: Wing) -> None:
    """After the others, as it tells of them."""
    if isinstance(wing, SqlWing):
        await Dispatcher(
            wing.database, [], [AuditProjection(KEY, RECORDING)], wing.clock
        ).catch_up()
        return
    keeper = DynamoAuditKeeper(wing.dynamo, wing.tables, KEY, RECORDING)
    found = sorted(
        wing.dynamo.scan(wing.tables.of(CHANGES)), key=lambda v: (v["subject"], v["seq"])
    )
    for values in found:
        await keeper.keep(change_of(values))
