"""The routes of the account service, and what they need besides injected parts."""

from litestar.di import Provide

from quadrangle.accounts import http, http_me, http_outside, http_staff
from quadrangle.accounts.places import provide_place

ROUTES = [*http.ROUTES, *http_me.ROUTES, *http_outside.ROUTES, *http_staff.ROUTES]
DEPENDENCIES = {"place": Provide(provide_place)}
