"""The routes of the issue service, and what they need besides injected parts."""

from litestar.di import Provide

from quadrangle.issues.http import (
    catalog as http_catalog,
)
from quadrangle.issues.http import issue as issue_routes
from quadrangle.issues.http import (
    overview as http_overview,
)
from quadrangle.issues.http import own as http_own
from quadrangle.issues.http import (
    photo_uploads as http_photo_uploads,
)
from quadrangle.issues.http import (
    photos as http_photos,
)
from quadrangle.issues.http import (
    source as http_source,
)
from quadrangle.issues.http import (
    statistics as http_statistics,
)

SELDOM = [
    *http_source.STAFF_ROUTES,
    *http_own.ROUTES,
    *issue_routes.ROUTES,
    *http_catalog.ROUTES,
    *http_overview.ROUTES,
    *http_statistics.ROUTES,
]
ROUTES = [*http_source.OPEN_ROUTES, *SELDOM]
PHOTOS_SENT_HERE = http_photos.ROUTES
PHOTOS_SENT_TO_S3 = [*http_photos.STORED_ROUTES, *http_photo_uploads.ROUTES]
DEPENDENCIES = {"issue_query": Provide(http_source.provide_issue_query)}
