"""The routes of the account service, and what they need besides injected parts."""

from quadrangle.accounts import (
    http,
    http_api_keys,
    http_audit,
    http_leaving,
    http_me,
    http_outside,
    http_passkeys,
    http_people,
    http_sign_up,
    http_staff,
    http_two_factor,
)
from quadrangle.hosts import frequent_account_routes

SELDOM = [
    *http.SELDOM,
    *http_sign_up.ROUTES,
    *http_outside.ROUTES,
    *http_me.SELDOM,
    *http_leaving.ROUTES,
    *http_people.ROUTES,
    *http_staff.ROUTES,
    *http_two_factor.ROUTES,
    *http_passkeys.ROUTES,
    *http_api_keys.ROUTES,
    *http_audit.ROUTES,
]
ROUTES = [*frequent_account_routes.ROUTES, *SELDOM]
DEPENDENCIES = frequent_account_routes.DEPENDENCIES
