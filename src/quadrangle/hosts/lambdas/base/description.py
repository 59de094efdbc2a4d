"""The OpenAPI description of what the functions answer, as a file beside the pages.

On one machine the server makes it when it is asked (hosts/shared/documentation.py); no function
needs to.
"""

from litestar import Litestar
from litestar.di import Provide

from quadrangle.hosts.lambdas.services import HOSTS, SCOPES
from quadrangle.hosts.shared.documentation import described_by, openapi_config
from quadrangle.http.common import INJECTED, OF_REQUEST


def description(*, optional: bool = True) -> bytes:
    """Return the description as JSON, with or without the services that are `optional`."""
    there = [host for host in HOSTS if optional or not host.is_optional]
    services = [described for host in there if (described := host.described())]
    # What handlers are given when they run; here only so that none of it is taken for a parameter.
    given = (
        *INJECTED,
        *OF_REQUEST,
        *(each.injected_as for service in services for each in service.facades),
    )
    app = Litestar(
        [route for service in services for route in service.routes],
        dependencies={
            **{name: _absent() for name in given},
            **{name: each for service in services for name, each in service.dependencies.items()},
        },
        openapi_config=openapi_config(),
        logging_config=None,
    )
    return described_by(app, SCOPES)


def _absent() -> Provide:
    """Return a provider of its own: the framework tells them apart by their functions."""
    return Provide(lambda: None, sync_to_thread=False)
