"""The routes of the account service."""

from quadrangle.accounts import http, http_me, http_outside, http_staff

ROUTES = [*http.ROUTES, *http_me.ROUTES, *http_outside.ROUTES, *http_staff.ROUTES]
