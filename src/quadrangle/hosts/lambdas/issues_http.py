"""Answers requests about issues."""

from quadrangle.hosts import issue_routes
from quadrangle.hosts.lambdas.account_parts import account_service
from quadrangle.hosts.lambdas.http import handler_of
from quadrangle.hosts.lambdas.parts import Parts
from quadrangle.http.limits import Limit
from quadrangle.issues.conversation import Conversation
from quadrangle.issues.overview import CatalogEditor, Overview
from quadrangle.issues.service import Reporting
from quadrangle.issues.triage import Triage

parts = Parts()
settings = parts.environment
accounts = account_service(parts)

handler = handler_of(
    settings,
    issue_routes.ROUTES,
    {
        "authenticator": accounts.sessions,
        "staff": accounts.staff,
        "reporting": Reporting(
            parts.issues,
            parts.catalogs,
            parts.clock,
            accounts_only=settings.reporters == "accounts",
        ),
        "triage": Triage(parts.issues, parts.catalogs, accounts.staff, parts.clock),
        "conversation": Conversation(parts.issues, parts.clock),
        "overview": Overview(parts.issues, parts.catalogs, parts.clock),
        "catalogs": parts.catalogs,
        "catalog_editor": CatalogEditor(parts.catalog_store, parts.catalogs, parts.clock),
        "report_limit": Limit(settings.report_burst, settings.reports_per_hour),
        "mail_delivery": "smtp",
    },
    dependencies=issue_routes.DEPENDENCIES,
    hot=issue_routes.hot_parts,
)
