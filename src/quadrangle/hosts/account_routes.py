"""The routes of the account service."""

from quadrangle.accounts import http, http_leaving, http_me, http_people, http_sign_up, http_staff

ROUTES = [
    *http.ROUTES,
    *http_sign_up.ROUTES,
    *http_me.ROUTES,
    *http_leaving.ROUTES,
    *http_people.ROUTES,
    *http_staff.ROUTES,
]
