"""The routes of the account service, and what they need besides injected parts."""

from litestar.di import Provide

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
from quadrangle.accounts.places import provide_place

ROUTES = [
    *http.ROUTES,
    *http_sign_up.ROUTES,
    *http_outside.ROUTES,
    *http_me.ROUTES,
    *http_leaving.ROUTES,
    *http_people.ROUTES,
    *http_staff.ROUTES,
    *http_two_factor.ROUTES,
    *http_passkeys.ROUTES,
    *http_api_keys.ROUTES,
    *http_audit.ROUTES,
]
DEPENDENCIES = {"place": Provide(provide_place)}
