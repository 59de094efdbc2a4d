"""The sign-in a request is made with, for routes that change what people sign in with."""

from typing import Any

from litestar import Request
from litestar.di import Provide

from quadrangle.accounts.model import Session
from quadrangle.accounts.service import AccountService
from quadrangle.http.asking.auth import SESSION_COOKIE, bearer_of
from quadrangle.http.injection import Injected
from quadrangle.kernel.principal import Principal


async def provide_session(
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Session | None:
    """Return the sign-in of whoever has an account, None for all others."""
    if principal.account_id is None:
        return None
    token = bearer_of(request.headers) or request.cookies[SESSION_COOKIE]
    return await accounts.sessions.current(token)


# The `dependencies` of such a route.
CURRENT = {"session": Provide(provide_session)}
