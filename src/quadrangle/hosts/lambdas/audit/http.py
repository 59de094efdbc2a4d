"""The calls about the audit, which the function of accounts answers."""

from quadrangle.accounts.service import AccountService
from quadrangle.audit import http as audit_routes
from quadrangle.audit.reading import Audit
from quadrangle.aws.audit.store import DynamoAudit
from quadrangle.hosts.lambdas.base.parts import FunctionParts

ROUTES = audit_routes.ROUTES


def audit_of(parts: FunctionParts, accounts: AccountService) -> Audit:
    """Return what administrators read the audit by; `accounts` knows what people are called."""
    store = DynamoAudit(parts.dynamo, parts.tables)
    return Audit(store, accounts.record_names, parts.acts, parts.clock)
