"""Whether everything works, and what was counted: for whoever operates the server."""

import msgspec
from litestar import get

from quadrangle import __version__
from quadrangle.http.auth import SCOPE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import BY_KEY_TOO, problems
from quadrangle.kernel.principal import Principal
from quadrangle.operation.service import Operation


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
async def health(operation: Injected[Operation]) -> Health:
    await operation.check()
    return Health("ok", "ok", __version__)


@get(
    "/metrics",
    media_type="text/plain; version=0.0.4; charset=utf-8",
    opt={SCOPE: "metrics:read"},
    summary="Counters for Prometheus (admin)",
    tags=["Operation"],
    security=BY_KEY_TOO,
    responses=problems(401, 403),
)
async def metrics_text(principal: Injected[Principal], operation: Injected[Operation]) -> bytes:
    return await operation.metrics(principal)


ROUTES = [health, metrics_text]
