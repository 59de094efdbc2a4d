"""The routes of the account service, and what they need besides injected parts."""

from litestar.di import Provide

from quadrangle.accounts import http, http_api_keys, http_audit, http_me, http_staff
from quadrangle.accounts.places import provide_place

ROUTES = [
    *http.ROUTES,
    *http_me.ROUTES,
    *http_staff.ROUTES,
    *http_api_keys.ROUTES,
    *http_audit.ROUTES,
]
DEPENDENCIES = {"place": Provide(provide_place)}
