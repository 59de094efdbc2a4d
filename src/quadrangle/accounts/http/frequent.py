"""The calls about accounts that pages make again and again: getting in, staying in, who one is.

Apart from account_routes.py, so that a function on AWS answers them before it loads the others.
"""

from litestar.di import Provide

from quadrangle.accounts.http import me as http_me
from quadrangle.accounts.http import options as http_options
from quadrangle.accounts.http import sign_in as http
from quadrangle.accounts.http.places import provide_place

ROUTES = [*http.OFTEN, *http_me.OFTEN, *http_options.ROUTES]
DEPENDENCIES = {"place": Provide(provide_place)}
