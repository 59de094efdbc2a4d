"""The audit: every record is read, and its chain holds.

A field added to AuditRecord would be hashed with the others: then this fails, as the chains of all
installations would.
"""

from quadrangle.audit.ports import AuditQuery
from tests.old_records.audit.samples import audit_store, problems
from tests.old_records.base.samples import ADMIN_ID, AT
from tests.old_records.wings import Wing

KINDS = {
    *("issue.status-changed", "issue-catalog.changed", "account.created", "pin.changed"),
    *("account.passkey-added", "account.identity-linked", "api-key.created"),
}


async def test_records_are_read(wing: Wing):
    found = (await audit_store(wing).page(AuditQuery(), 100, None)).items
    assert {record.kind for record in found} == KINDS
    told = {(record.actor, record.actor_id, record.origin, record.at) for record in found}
    assert told == {("", ADMIN_ID, "198.51.100.7", AT)}
    details = {record.kind: record.details for record in found}
    assert details["issue.status-changed"] == '{"new":"RESOLVED","old":"OPEN"}'


async def test_the_chain_holds(wing: Wing):
    assert await problems(wing) == []
