"""Answers requests about issues.

A container that only takes reports and looks issues up loads nothing for the other calls, nor for
accounts: see seldom.py.
"""

from typing import TYPE_CHECKING

from quadrangle.hosts.lambdas.base.http import common_of, handler_of
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.issues.parts import issue_service
from quadrangle.hosts.shared.http_app import RouteGroup
from quadrangle.issues.declared import ISSUES
from quadrangle.issues.http import open as open_routes
from quadrangle.kernel.lazily import lazily

if TYPE_CHECKING:
    from quadrangle.accounts.service import AccountService

parts = started("dynamodb")


def _account_service() -> "AccountService":
    from quadrangle.hosts.lambdas.accounts.parts import account_service

    return account_service(parts)


def _seldom() -> RouteGroup:
    from quadrangle.hosts.lambdas.issues.seldom import seldom_routes

    return seldom_routes(issues)


# Made when someone says who they are, which reporters need not.
accounts = lazily(_account_service)
issues = issue_service(parts, staff=lazily(lambda: accounts.staff))
common = common_of(parts, lazily(lambda: accounts.authentication))

handler = handler_of(
    parts.environment,
    RouteGroup(open_routes.ROUTES, hot=[open_routes.hot_parts(issues, common)]),
    common,
    open_paths=ISSUES.open_paths,
    seldom=_seldom,
)
