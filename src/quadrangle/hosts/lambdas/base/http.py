"""A service's routes as a function that API Gateway calls."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar.di import Provide
from mangum import Mangum

from quadrangle.hosts.lambdas.base.addresses import address_by
from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.hosts.shared.http_app import RouteGroup, build_app
from quadrangle.http.access_log import AccessLog
from quadrangle.http.auth import KEY_HEADER
from quadrangle.http.gateway import App
from quadrangle.http.limits import RateLimiter

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


def handler_of(
    environment: Environment,
    routes: Sequence[Any],
    parts: dict[str, Any],
    *,
    dependencies: dict[str, Provide] | None = None,
    hot: Callable[[dict[str, Any], Callable[[Any], str]], Any] | None = None,
    seldom: Callable[[], RouteGroup] | None = None,
) -> Mangum:
    """Return what Lambda calls with events of a REST API.

    `hot` makes hot parts; `seldom` returns what a container need not know at its start, and imports
    it: see http_app.py.
    """
    address_of = address_by(environment.front_secret)
    injected = {
        **parts,
        "limiter": RateLimiter(enabled=environment.rate_limits == "on"),
        "secure_cookies": environment.public_url.startswith("https://"),
    }
    app = build_app(
        injected,
        routes,
        address_of=address_of,
        access_log=AccessLog(gathered=False),
        cors_origins=tuple(environment.cors_origins.split(",")),
        dependencies=dependencies,
        hot=[] if hot is None else [hot(injected, address_of)],
        seldom=seldom,
        front=without_gateway_key,
    )
    return Mangum(app, lifespan="off", api_gateway_base_path=MACHINES)
