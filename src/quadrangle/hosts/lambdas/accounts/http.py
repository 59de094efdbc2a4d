"""Answers requests about accounts.

A container that only signs people in and tells them who they are loads no other routes.
"""

from quadrangle.accounts.http import frequent
from quadrangle.hosts.lambdas.accounts.parts import account_service
from quadrangle.hosts.lambdas.base.http import handler_of
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.shared.http_app import RouteGroup

parts = started("dynamodb")
accounts = account_service(parts)


def _seldom() -> RouteGroup:
    from quadrangle.accounts.http import routes as account_routes
    from quadrangle.hosts.lambdas.audit import http as audit
    from quadrangle.hosts.lambdas.base.downloads import stored_downloads

    injected = {
        "downloads": stored_downloads(parts),
        "audit": audit.audit_of(parts, accounts),
    }
    routes = [*account_routes.SELDOM, *audit.ROUTES]
    return RouteGroup(routes, injected, account_routes.DEPENDENCIES)


handler = handler_of(
    parts.environment,
    frequent.ROUTES,
    {"authenticator": accounts.authentication, "accounts": accounts, "staff": accounts.staff},
    dependencies=frequent.DEPENDENCIES,
    seldom=_seldom,
)
