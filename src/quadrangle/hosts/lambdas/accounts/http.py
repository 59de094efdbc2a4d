"""Answers requests about accounts.

A container that only signs people in and tells them who they are loads no other routes.
"""

from quadrangle.accounts.http import frequent
from quadrangle.hosts.lambdas.accounts.parts import account_service
from quadrangle.hosts.lambdas.base.http import common_of, handler_of
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.shared.http_app import RouteGroup

parts = started("dynamodb")
accounts = account_service(parts)


def _seldom() -> RouteGroup:
    from quadrangle.accounts.http import routes as account_routes
    from quadrangle.hosts.lambdas.audit import http as audit

    facades = [accounts, audit.audit_of(parts, accounts)]
    routes = [*account_routes.SELDOM, *audit.ROUTES]
    return RouteGroup(routes, facades, account_routes.DEPENDENCIES)


handler = handler_of(
    parts.environment,
    RouteGroup(frequent.ROUTES, [accounts], frequent.DEPENDENCIES),
    common_of(parts, accounts.authentication),
    seldom=_seldom,
)
