"""Whether everything works, and what was counted: for whoever operates the server."""

import msgspec

from quadrangle import __version__
from quadrangle.http.injection import Injected
from quadrangle.http.routes import Calls, by_key_too
from quadrangle.kernel.principal import Principal
from quadrangle.operation.declared import METRICS
from quadrangle.operation.service import Operation

calls = Calls("Operation")


class Health(msgspec.Struct, rename="camel"):
    status: str
    database: str
    version: str


class Life(msgspec.Struct, rename="camel"):
    status: str
    version: str


@calls.get("/api/health/live", "Whether this process answers: else it is to be started again")
async def live() -> Life:
    return Life("ok", __version__)


@calls.get("/api/health", "Whether everything works: a 503 says what does not")
async def health(operation: Injected[Operation]) -> Health:
    await operation.check()
    return Health("ok", "ok", __version__)


@calls.get(
    "/metrics",
    "Counters for Prometheus (admin)",
    by_key_too(METRICS),
    only=(401, 403),
    media_type="text/plain; version=0.0.4",
)
async def metrics_text(principal: Injected[Principal], operation: Injected[Operation]) -> bytes:
    return await operation.metrics(principal)


HEALTH = [health, live]
ROUTES = [*HEALTH, metrics_text]
