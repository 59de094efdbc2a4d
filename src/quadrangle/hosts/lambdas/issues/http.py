"""Answers requests about issues.

A container that only takes reports and looks issues up loads nothing for the other calls, nor for
accounts: see issues_seldom.py.
"""

from typing import TYPE_CHECKING

from quadrangle.hosts.lambdas.base.http import handler_of
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.shared.http_app import RouteGroup
from quadrangle.http.limits import Limit
from quadrangle.issues.http import open as open_routes
from quadrangle.issues.reporting import Reporting
from quadrangle.kernel.later import later

if TYPE_CHECKING:
    from quadrangle.accounts.service import AccountService

parts = started("dynamodb")
settings = parts.environment


def _account_service() -> "AccountService":
    from quadrangle.hosts.lambdas.accounts.parts import account_service

    return account_service(parts)


# Made when someone says who they are, which reporters need not.
accounts = later(_account_service)


def _seldom() -> RouteGroup:
    from quadrangle.hosts.lambdas.issues.seldom import seldom_routes

    return seldom_routes(parts, accounts.staff)


handler = handler_of(
    settings,
    open_routes.ROUTES,
    {
        "authenticator": later(lambda: accounts.authentication),
        "reporting": Reporting(
            parts.issues,
            parts.catalogs,
            parts.clock,
            accounts_only=settings.reporters == "accounts",
        ),
        "report_limit": Limit(settings.report_burst, settings.reports_per_hour),
    },
    hot=open_routes.hot_parts,
    seldom=_seldom,
)
