"""The HTTP application: every route of every service, with the parts it was given."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, Request, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from quadrangle import __version__
from quadrangle.hosts.pages import Pages
from quadrangle.http.addresses import client_address
from quadrangle.http.auth import SESSION_COOKIE, provide_principal
from quadrangle.http.errors import EXCEPTION_HANDLERS
from quadrangle.http.gateway import AccessLog, Gateway
from quadrangle.http.injection import Injected
from quadrangle.http.metrics import Metrics
from quadrangle.http.openapi import completed, operation_id, problems
from quadrangle.issues import http as issue_routes
from quadrangle.issues import (
    http_catalog,
    http_live,
    http_overview,
    http_photos,
    http_source,
    http_statistics,
)
from quadrangle.issues.http_source import HotParts
from quadrangle.kernel.principal import Principal, require_admin

WEB = Path(__file__).parents[1] / "web"
MAX_BODY = 64 * 1024  # bytes of JSON; the longest text is 5,000 characters
Hook = Callable[[], Any]

ISSUE_ROUTES = [
    *http_source.ROUTES,
    *issue_routes.ROUTES,
    *http_photos.ROUTES,
    *http_catalog.ROUTES,
    *http_overview.ROUTES,
    *http_statistics.ROUTES,
    *http_live.ROUTES,
]


class Health(msgspec.Struct, rename="camel"):
    status: str
    database: str
    version: str


def build_app(
    parts: dict[str, Any],
    routes: Sequence[Any],
    *,
    metrics: Metrics,
    cors_origins: tuple[str, ...] = ("*",),
    trusted_proxies: tuple[str, ...] = (),
    access_log: AccessLog | None = None,
    on_startup: Sequence[Hook] = (),
    on_shutdown: Sequence[Hook] = (),
    pages: Path = WEB,
) -> Gateway:
    """Return the ASGI application. `parts` are injected into handlers by their names."""
    served = Pages(pages)

    def address_of(scope: Any) -> str:
        return client_address(scope, trusted_proxies)

    async def provide_address(request: Request[Any, Any, Any]) -> str:
        return address_of(request.scope)

    hot = HotParts(
        parts["reporting"],
        parts["authenticator"],
        parts["limiter"],
        parts["report_limit"],
        address_of,
    )

    dependencies = {name: _constant(part) for name, part in parts.items()}
    dependencies["principal"] = Provide(provide_principal)
    dependencies["client_address"] = Provide(provide_address)
    dependencies["issue_query"] = Provide(http_source.provide_issue_query)
    app = Litestar(
        [*routes, health, metrics_text, openapi_json],
        dependencies=dependencies,
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=MAX_BODY,
        openapi_config=_openapi(),
        on_startup=list(on_startup),
        on_shutdown=list(on_shutdown),
        logging_config=None,
        state=State({HotParts.__name__: hot}),
    )
    return Gateway(
        _with_pages(app, served),
        cors_origins=cors_origins,
        metrics=metrics,
        log=access_log or AccessLog(),
    )


def _constant(part: Any) -> Provide:
    def provide() -> Any:
        return part

    return Provide(provide, use_cache=True, sync_to_thread=False)


def _with_pages(app: Litestar, pages: Pages) -> Any:
    """Pages answer at every address that is not the API's."""

    async def route(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and _is_page(scope["path"]):
            await pages(scope, receive, send)
        else:
            await app(scope, receive, send)

    return route


_API = ("/api/", "/issue-status/", "/.well-known/")
_API_PATHS = frozenset({"/get-all-issues", "/report-issue", "/update-status", "/metrics"})


def _is_page(path: str) -> bool:
    if path == "/api/docs":
        return True
    return path not in _API_PATHS and not path.startswith(_API)


@get(
    "/api/health",
    return_dto=None,
    summary="Whether everything works",
    tags=["Operation"],
    responses=problems(),
)
async def health(check_database: Injected[Any]) -> Health:
    await check_database()
    return Health("ok", "ok", __version__)


@get(
    "/metrics",
    media_type="text/plain; version=0.0.4; charset=utf-8",
    summary="Counters for Prometheus (this machine, or admin)",
    tags=["Operation"],
    responses=problems(401, 403),
)
async def metrics_text(
    request: Request[Any, Any, Any], principal: Injected[Principal], collect_metrics: Injected[Any]
) -> bytes:
    peer = (request.scope.get("client") or ("", 0))[0]
    if peer not in ("127.0.0.1", "::1") or "x-forwarded-for" in request.headers:
        require_admin(principal)
    return await collect_metrics()


@get("/api/openapi.json", include_in_schema=False, media_type="application/json")
async def openapi_json(request: Request[Any, Any, Any]) -> bytes:
    state = request.app.state
    if "openapi" not in state:  # putting it together takes a tenth of a second
        state["openapi"] = msgspec.json.encode(completed(request.app.openapi_schema.to_schema()))
    return state["openapi"]


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Quadrangle",
        version=__version__,
        description="Report it, meet, watch. Every path also answers under /prod.",
        # The framework's own pages are not served: ours are at /api/docs.
        path="/api/openapi",
        operation_id_creator=operation_id,
        render_plugins=[JsonRenderPlugin()],
        components=Components(
            security_schemes={
                "token": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
                "page": SecurityScheme(
                    type="apiKey",
                    name=SESSION_COOKIE,
                    security_scheme_in="cookie",
                    description="Unsafe methods also need X-Requested-With: quadrangle.",
                ),
            }
        ),
        security=[{}, {"token": []}, {"page": []}],
    )
