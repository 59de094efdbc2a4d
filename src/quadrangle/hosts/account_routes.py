"""The routes of the account service."""

from quadrangle.accounts import http, http_me, http_people, http_staff

ROUTES = [*http.ROUTES, *http_me.ROUTES, *http_people.ROUTES, *http_staff.ROUTES]
