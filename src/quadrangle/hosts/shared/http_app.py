"""The HTTP application: routes of services, with the parts they were given, behind the gateway."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig

from quadrangle.http.access_log import AccessLog
from quadrangle.http.answers.errors import EXCEPTION_HANDLERS
from quadrangle.http.asking.auth import provide_principal
from quadrangle.http.asking.origins import origin_of
from quadrangle.http.common import Common
from quadrangle.http.gateway import App, AtOnce, Gateway, RequestMetrics
from quadrangle.http.injection import Facade, by_name

MAX_BODY = 64 * 1024  # bytes of JSON; the longest text is 5,000 characters


class RouteGroup(msgspec.Struct, frozen=True):
    """Routes, the facades injected into their handlers, and what else provides for those.

    `hot` are parts that handlers fetch by their class (http.injection.part_of), `lane` the calls
    that a host may answer without the framework (http.hot.HotCall).
    """

    routes: Sequence[Any]
    facades: Sequence[Facade] = ()
    dependencies: Mapping[str, Provide] = {}
    hot: Sequence[Any] = ()
    lane: Sequence[Any] = ()


def build_app(
    groups: Sequence[RouteGroup],
    common: Common,
    *,
    access_log: AccessLog,
    cors_origins: tuple[str, ...] = ("*",),
    open_paths: tuple[str, ...] = (),
    own_urls: Sequence[str] = (),
    metrics: RequestMetrics | None = None,
    openapi_config: OpenAPIConfig | None = None,
    front: Callable[[App], App] | None = None,
    at_once: AtOnce | None = None,
    seldom: Callable[[], RouteGroup] | None = None,
) -> Gateway:
    """Return the ASGI application. `cors_origins` and `open_paths` are the gateway's,
    `own_urls` the addresses that our pages are at.

    `seldom` returns more routes, at other addresses, with the facades that those need. It is called
    when a request is not for the routes before them, for the first time. `front` may answer
    requests before the routes do, `at_once` before anything else does.
    """

    async def provide_address(request: Request[Any, Any, Any]) -> str:
        return common.address_of(request.scope)

    def put_together(groups: Sequence[RouteGroup]) -> App:
        injected = {
            **common.by_name(),
            **by_name(facade for group in groups for facade in group.facades),
        }
        return Litestar(
            [route for group in groups for route in group.routes],
            dependencies={
                **{name: _constant(part) for name, part in injected.items()},
                "principal": Provide(provide_principal),
                "client_address": Provide(provide_address),
                **{name: each for group in groups for name, each in group.dependencies.items()},
            },
            exception_handlers=EXCEPTION_HANDLERS,
            request_max_body_size=MAX_BODY,
            openapi_config=openapi_config,
            logging_config=None,
            state=State({type(part).__name__: part for group in groups for part in group.hot}),
        )

    app = put_together(groups)
    if seldom:
        often = [route for group in groups for route in group.routes]
        app = _often_first(app, often, cache(lambda: put_together([seldom()])))
    return Gateway(
        front(app) if front else app,
        cors_origins=cors_origins,
        open_paths=open_paths,
        own_origins=frozenset(map(origin_of, own_urls)),
        metrics=metrics,
        log=access_log,
        at_once=at_once,
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
