"""The routes of the account service."""

from quadrangle.accounts import http, http_me, http_passkeys, http_staff, http_two_factor

ROUTES = [
    *http.ROUTES,
    *http_me.ROUTES,
    *http_staff.ROUTES,
    *http_two_factor.ROUTES,
    *http_passkeys.ROUTES,
]
