"""Checks the audit of one machine."""

from quadrangle.hosts.one_machine.parts import Parts
from quadrangle.sql.audit.store import check_audit, count_records


async def check(parts: Parts) -> list[str]:
    """Return a sentence for each thing that is wrong. Raises KeysUnusable, Unavailable."""
    if not parts.has_audit_key():
        count = await count_records(parts.database)
        gone = f"The key of {count} audit record(s) is gone: keys/audit.key in the data folder."
        return [gone] if count else []
    return await check_audit(parts.database, parts.audit_key())
