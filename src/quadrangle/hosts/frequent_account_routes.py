"""The calls about accounts that pages make again and again: getting in, staying in, who one is.

Apart from account_routes.py, so that a function on AWS answers them before it loads the others.
"""

from litestar.di import Provide

from quadrangle.accounts import http, http_me, http_options
from quadrangle.accounts.places import provide_place

ROUTES = [*http.OFTEN, *http_me.OFTEN, *http_options.ROUTES]
DEPENDENCIES = {"place": Provide(provide_place)}
