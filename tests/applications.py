"""Parts of applications that tests put together without a server."""

import asyncio
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from litestar.handlers import HTTPRouteHandler

from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.server import Server
from quadrangle.hosts.one_machine.services import Services
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.hosts.shared.http_app import RouteGroup
from quadrangle.http.answers.downloads import StreamedDownloads
from quadrangle.http.asking.addresses import client_address
from quadrangle.http.asking.limits import RateLimiter
from quadrangle.http.common import Common


class Absent:
    """Stands for a part that a test has no use for: using it fails."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} of a part that is not there")


def common_of(authenticator: Any = None) -> Common:
    """Return what handlers of every service may take, for a client that no proxy stands before."""
    return Common(
        address_of=lambda scope: client_address(scope, ()),
        authenticator=authenticator or Absent(),
        limiter=RateLimiter(),
        downloads=StreamedDownloads(),
        secure_cookies=False,
    )


@cache
def groups_of_one_machine() -> list[RouteGroup]:
    """Return what a server answers requests with, service by service."""

    async def made() -> list[RouteGroup]:
        with tempfile.TemporaryDirectory() as folder:
            server = Server(Services(MachineParts(Settings(data=Path(folder)))))
            await server.close()
        return server.groups

    return asyncio.run(made())


def routes_of_one_machine() -> list[Any]:
    """Return every route of a server that answers requests; WebSockets are tried by themselves."""
    routes = (route for group in groups_of_one_machine() for route in group.routes)
    return [route for route in routes if isinstance(route, HTTPRouteHandler)]
