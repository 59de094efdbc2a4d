"""The routes of the issue service, and what they need besides injected parts."""

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

SELDOM = [
    *http_source.STAFF_ROUTES,
    *issue_routes.ROUTES,
    *http_catalog.ROUTES,
    *http_overview.ROUTES,
    *http_statistics.ROUTES,
]
ROUTES = [*http_source.OPEN_ROUTES, *SELDOM]
PHOTOS_SENT_HERE = http_photos.ROUTES
PHOTOS_SENT_TO_S3 = [*http_photos.STORED_ROUTES, *http_photo_uploads.ROUTES]
DEPENDENCIES = {"issue_query": Provide(http_source.provide_issue_query)}
