"""A service's routes as a function that API Gateway calls."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar.di import Provide
from mangum import Mangum

from quadrangle.hosts.http_app import RouteGroup, build_app
from quadrangle.hosts.lambdas.addresses import address_by
from quadrangle.hosts.lambdas.environment import Environment
from quadrangle.http.gateway import AccessLog
from quadrangle.http.limits import RateLimiter

# Where API Gateway asks for a key; behind it are the addresses everyone uses.
MACHINES = "/machine"


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
    )
    return Mangum(app, lifespan="off", api_gateway_base_path=MACHINES)
