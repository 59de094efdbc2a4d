"""The OpenAPI description, put together from the routes."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Litestar, Request, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from quadrangle import __version__
from quadrangle.http.asking.auth import SESSION_COOKIE
from quadrangle.http.openapi import completed, operation_id
from quadrangle.kernel.declaration import Scope


def openapi_route(scopes: Sequence[Scope]) -> Any:
    """Return the route that gives the description; `scopes` are those of all services."""

    @get("/api/openapi.json", include_in_schema=False, media_type="application/json")
    async def openapi_json(request: Request[Any, Any, Any]) -> bytes:
        state = request.app.state
        if "openapi" not in state:  # putting it together takes a tenth of a second
            state["openapi"] = described_by(request.app, scopes)
        return state["openapi"]

    return openapi_json


def described_by(app: Litestar, scopes: Sequence[Scope]) -> bytes:
    """Return the description of an application as JSON."""
    names = [scope.name for scope in scopes]
    return msgspec.json.encode(completed(app.openapi_schema.to_schema(), names))


def openapi_config() -> OpenAPIConfig:
    """Return how the description is made."""
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
                "key": SecurityScheme(
                    type="apiKey",
                    name="X-Api-Key",
                    security_scheme_in="header",
                    description="A machine's key, which may do what its scopes name.",
                ),
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
