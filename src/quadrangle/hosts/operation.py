"""Whether everything works, and what was counted: for whoever operates the server."""

from typing import Any

import msgspec
from litestar import Request, get

from quadrangle import __version__
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import problems
from quadrangle.kernel.principal import Principal, require_admin


class Health(msgspec.Struct, rename="camel"):
    status: str
    database: str
    version: str


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
