"""Answers requests about accounts.

A container that only signs people in and tells them who they are loads no other routes.
"""

from quadrangle.hosts import frequent_account_routes as frequent
from quadrangle.hosts.http_app import RouteGroup
from quadrangle.hosts.lambdas.account_parts import account_service
from quadrangle.hosts.lambdas.http import handler_of
from quadrangle.hosts.lambdas.start import started

parts = started("dynamodb")
accounts = account_service(parts)


def _seldom() -> RouteGroup:
    from quadrangle.hosts import account_routes
    from quadrangle.hosts.lambdas.downloads import stored_downloads

    injected = {"downloads": stored_downloads(parts)}
    return RouteGroup(account_routes.SELDOM, injected, account_routes.DEPENDENCIES)


handler = handler_of(
    parts.environment,
    frequent.ROUTES,
    {"authenticator": accounts.authentication, "accounts": accounts, "staff": accounts.staff},
    dependencies=frequent.DEPENDENCIES,
    seldom=_seldom,
)
