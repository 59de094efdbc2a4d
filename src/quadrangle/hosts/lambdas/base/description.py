"""The OpenAPI description of what the functions answer, as a file beside the pages.

On one machine the server makes it when it is asked (hosts/shared/documentation.py); no function
needs to.
"""

import msgspec
from litestar import Litestar
from litestar.di import Provide

from quadrangle.accounts.http import routes as account_routes
from quadrangle.accounts.service import AccountService
from quadrangle.audit import http as audit_routes
from quadrangle.audit.reading import Audit
from quadrangle.hosts.shared.documentation import openapi_config
from quadrangle.http.common import INJECTED, OF_REQUEST
from quadrangle.http.openapi import completed
from quadrangle.issues.http import routes as issue_routes
from quadrangle.issues.service import IssueService
from quadrangle.mail import http as mail_routes
from quadrangle.mail.service import MailService
from quadrangle.operation import http_dead_letters as job_routes
from quadrangle.operation import http_health as operation
from quadrangle.operation.service import Operation

ROUTES = [
    *issue_routes.ROUTES,
    *issue_routes.PHOTOS_SENT_TO_S3,
    *account_routes.ROUTES,
    *audit_routes.ROUTES,
    *mail_routes.ROUTES,
    *job_routes.ROUTES,
    operation.health,
]
DEPENDENCIES = {**issue_routes.DEPENDENCIES, **account_routes.DEPENDENCIES}
FACADES = (IssueService, AccountService, Audit, MailService, Operation)
# What the routes are given when they run; here only so that none of it is taken for a parameter.
_INJECTED = (*INJECTED, *OF_REQUEST, *(facade.injected_as for facade in FACADES))


def description() -> bytes:
    """Return the description as JSON."""
    app = Litestar(
        ROUTES,
        dependencies={
            **{name: _absent() for name in _INJECTED},
            **DEPENDENCIES,
        },
        openapi_config=openapi_config(),
        logging_config=None,
    )
    return msgspec.json.encode(completed(app.openapi_schema.to_schema()))


def _absent() -> Provide:
    """Return a provider of its own: the framework tells them apart by their functions."""
    return Provide(lambda: None, sync_to_thread=False)
