"""Answers requests about meetings.

What stands about desktops and which routes there are is asked and put together by the first
request: a start reaches nothing.
"""

from quadrangle.hosts.lambdas.accounts.parts import account_service
from quadrangle.hosts.lambdas.base.http import common_of, handler_of
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.meetings.parts import MeetingFacades
from quadrangle.hosts.shared.http_app import RouteGroup
from quadrangle.kernel.lazily import lazily
from quadrangle.meetings.declared import MEETINGS
from quadrangle.meetings.http.desktops import machines
from quadrangle.meetings.http.routes import DEPENDENCIES, MATERIALS_APART, ROUTES

parts = started("dynamodb")
accounts = account_service(parts)
people = lazily(lambda: accounts.meeting_people)


def _routes() -> RouteGroup:
    facades = MeetingFacades(parts, people)
    injected = [facades.meetings, facades.booking, facades.materials]
    routes = [*ROUTES, *MATERIALS_APART]
    if facades.machines is not None:
        injected, routes = [*injected, facades.machines], [*routes, *machines.ROUTES]
    return RouteGroup(routes, injected, DEPENDENCIES)


handler = handler_of(
    parts.environment,
    RouteGroup([]),
    common_of(parts, accounts.authentication),
    open_paths=MEETINGS.open_paths,
    seldom=_routes,
)
