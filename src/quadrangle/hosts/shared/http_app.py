"""The HTTP application: routes of services, with the parts they were given, behind the gateway."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig

from quadrangle.http.access_log import AccessLog
from quadrangle.http.auth import provide_principal
from quadrangle.http.errors import EXCEPTION_HANDLERS
from quadrangle.http.gateway import App, Gateway, RequestMetrics

MAX_BODY = 64 * 1024  # bytes of JSON; the longest text is 5,000 characters


class RouteGroup(msgspec.Struct, frozen=True):
    """Routes, the parts injected into their handlers, and what else provides for those."""

    routes: Sequence[Any]
    parts: dict[str, Any]
    dependencies: dict[str, Provide]


def build_app(
    parts: dict[str, Any],
    routes: Sequence[Any],
    *,
    address_of: Callable[[Any], str],
    access_log: AccessLog,
    cors_origins: tuple[str, ...] = ("*",),
    dependencies: dict[str, Provide] | None = None,
    hot: Sequence[Any] = (),
    metrics: RequestMetrics | None = None,
    openapi_config: OpenAPIConfig | None = None,
    front: Callable[[App], App] | None = None,
    seldom: Callable[[], RouteGroup] | None = None,
) -> Gateway:
    """Return the ASGI application.

    `seldom` returns more routes, at other addresses, and the parts that only those need. It is
    called when a request is not for the routes before them, for the first time.

    `parts` are injected into handlers by their names, like what `dependencies` provide; `hot` are
    those handlers fetch by their class (http.injection.part_of). `address_of` tells from a scope
    where a request comes from; `front` may answer requests before the routes do.
    """

    async def provide_address(request: Request[Any, Any, Any]) -> str:
        return address_of(request.scope)

    def put_together(group: RouteGroup) -> App:
        return Litestar(
            group.routes,
            dependencies={
                **{name: _constant(part) for name, part in {**parts, **group.parts}.items()},
                "principal": Provide(provide_principal),
                "client_address": Provide(provide_address),
                **group.dependencies,
            },
            exception_handlers=EXCEPTION_HANDLERS,
            request_max_body_size=MAX_BODY,
            openapi_config=openapi_config,
            logging_config=None,
            state=State({type(part).__name__: part for part in hot}),
        )

    app = put_together(RouteGroup(routes, {}, dependencies or {}))
    if seldom:
        app = _often_first(app, routes, cache(lambda: put_together(seldom())))
    return Gateway(
        front(app) if front else app, cors_origins=cors_origins, metrics=metrics, log=access_log
    )


def _often_first(often: App, routes: Sequence[Any], seldom: Callable[[], App]) -> App:
    paths = [path for route in routes for path in route.paths]
    whole = frozenset(path for path in paths if "{" not in path)
    beginnings = tuple(path.partition("{")[0] for path in paths if "{" in path)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asked = scope["path"]
        is_often = asked.rstrip("/") in whole or (beginnings and asked.startswith(beginnings))
        await (often if is_often else seldom())(scope, receive, send)

    return app


def _constant(part: Any) -> Provide:
    def provide() -> Any:
        return part

    return Provide(provide, use_cache=True, sync_to_thread=False)
