"""The routes of the account service, and what they need besides injected parts."""

from quadrangle.accounts.http import (
    api_keys as http_api_keys,
)
from quadrangle.accounts.http import frequent as frequent_account_routes
from quadrangle.accounts.http import (
    leaving as http_leaving,
)
from quadrangle.accounts.http import (
    me as http_me,
)
from quadrangle.accounts.http import (
    outside as http_outside,
)
from quadrangle.accounts.http import (
    passkeys as http_passkeys,
)
from quadrangle.accounts.http import (
    people as http_people,
)
from quadrangle.accounts.http import (
    sign_in as http,
)
from quadrangle.accounts.http import (
    sign_up as http_sign_up,
)
from quadrangle.accounts.http import (
    staff as http_staff,
)
from quadrangle.accounts.http import (
    two_factor as http_two_factor,
)

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
]
ROUTES = [*frequent_account_routes.ROUTES, *SELDOM]
DEPENDENCIES = frequent_account_routes.DEPENDENCIES
