"""The audit of one machine: what reads it, and what keeps it."""

from quadrangle.accounts.service import AccountService
from quadrangle.audit.reading import Audit
from quadrangle.hosts.one_machine.parts import Parts
from quadrangle.sql.audit.store import SqlAudit


def audit_of(parts: Parts, accounts: AccountService) -> Audit:
    """Return what administrators read the audit by; `accounts` knows what people are called."""
    return Audit(SqlAudit(parts.database), accounts.record_names, parts.acts, parts.clock)
