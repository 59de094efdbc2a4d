"""Answers requests about accounts."""

from quadrangle.hosts import account_routes
from quadrangle.hosts.lambdas.account_parts import account_service
from quadrangle.hosts.lambdas.http import handler_of
from quadrangle.hosts.lambdas.start import started

parts = started("dynamodb")
accounts = account_service(parts)

handler = handler_of(
    parts.environment,
    account_routes.ROUTES,
    {"authenticator": accounts.authentication, "accounts": accounts, "staff": accounts.staff},
    dependencies=account_routes.DEPENDENCIES,
)
