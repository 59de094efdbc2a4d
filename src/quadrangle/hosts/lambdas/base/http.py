"""A service's routes as a function that API Gateway calls."""

from collections.abc import Callable
from typing import Any

from mangum import Mangum

from quadrangle.hosts.lambdas.base.addresses import address_by
from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.shared.http_app import RouteGroup, build_app
from quadrangle.http.access_log import AccessLog
from quadrangle.http.answers.downloads import Downloads
from quadrangle.http.asking.auth import KEY_HEADER
from quadrangle.http.asking.authenticator import Authenticator
from quadrangle.http.asking.limits import RateLimiter
from quadrangle.http.common import Common
from quadrangle.http.gateway import App
from quadrangle.kernel.lazily import lazily

# Where API Gateway asks for a key; behind it are the addresses everyone uses.
MACHINES = "/machine"


def without_gateway_key(app: App) -> App:
    """Have an application not see the key with which API Gateway let a machine in.

    It comes in the header that our own API keys come in too. Behind the gateway's addresses for
    machines ours are sent as Bearer tokens.
    """

    async def without(scope: Any, receive: Any, send: Any) -> None:
        if scope.get("aws.event", {}).get("path", "").startswith(f"{MACHINES}/"):
            name = KEY_HEADER.encode()
            scope["headers"] = [each for each in scope["headers"] if each[0] != name]
        await app(scope, receive, send)

    return without


def common_of(parts: FunctionParts, authenticator: Authenticator) -> Common:
    """Return what handlers of every service may take; the first export imports what it needs."""
    settings = parts.environment
    return Common(
        address_of=address_by(settings.front_secret),
        authenticator=authenticator,
        limiter=RateLimiter(enabled=settings.rate_limits == "on"),
        downloads=lazily(lambda: _downloads(parts)),
        secure_cookies=settings.public_url.startswith("https://"),
    )


def _downloads(parts: FunctionParts) -> Downloads:
    from quadrangle.hosts.lambdas.base.downloads import stored_downloads

    return stored_downloads(parts)


def handler_of(
    environment: Environment,
    group: RouteGroup,
    common: Common,
    *,
    open_paths: tuple[str, ...] = (),
    secret_paths: tuple[str, ...] = (),
    seldom: Callable[[], RouteGroup] | None = None,
    front: Callable[[App], App] = lambda app: app,
) -> Mangum:
    """Return what Lambda calls with events of a REST API.

    Pages of any origin may read `open_paths`; what comes after `secret_paths` is not logged.
    `seldom` returns what a container need not know at
    its start, and imports it: see http_app.py. `front` is what else stands in front.
    """
    app = build_app(
        [group],
        common,
        access_log=AccessLog(gathered=False, secret_paths=secret_paths),
        cors_origins=tuple(environment.cors_origins.split(",")),
        open_paths=open_paths,
        own_urls=(environment.public_url, *environment.meeting_origins.split(",")),
        seldom=seldom,
        front=lambda app: without_gateway_key(front(app)),
    )
    return Mangum(app, lifespan="off", api_gateway_base_path=MACHINES)
