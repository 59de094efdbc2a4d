"""The routes of the account service."""

from quadrangle.accounts import http, http_api_keys, http_audit, http_me, http_staff

ROUTES = [
    *http.ROUTES,
    *http_me.ROUTES,
    *http_staff.ROUTES,
    *http_api_keys.ROUTES,
    *http_audit.ROUTES,
]
