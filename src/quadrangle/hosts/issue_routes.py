"""The routes of the issue service, and what they need besides injected parts."""

from collections.abc import Callable
from typing import Any

from litestar.di import Provide

from quadrangle.issues import http as issue_routes
from quadrangle.issues import (
    http_catalog,
    http_overview,
    http_photo_uploads,
    http_photos,
    http_source,
    http_statistics,
)
from quadrangle.issues.http_source import HotParts

OFTEN = http_source.OPEN_ROUTES
SELDOM = [
    *http_source.STAFF_ROUTES,
    *issue_routes.ROUTES,
    *http_catalog.ROUTES,
    *http_overview.ROUTES,
    *http_statistics.ROUTES,
]
ROUTES = [*OFTEN, *SELDOM]
PHOTOS_SENT_HERE = http_photos.ROUTES
PHOTOS_SENT_TO_S3 = [*http_photos.STORED_ROUTES, *http_photo_uploads.ROUTES]
DEPENDENCIES = {"issue_query": Provide(http_source.provide_issue_query)}


def hot_parts(parts: dict[str, Any], address_of: Callable[[Any], str]) -> HotParts:
    """Return what the two calls that everyone makes fetch in one step."""
    return HotParts(
        parts["reporting"],
        parts["authenticator"],
        parts["limiter"],
        parts["report_limit"],
        address_of,
    )
