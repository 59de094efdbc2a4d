"""Answers that last, such as live streams, end with the right to them."""

from collections.abc import Callable
from typing import Any

from litestar import Request

from quadrangle.http.asking.auth import PlainSender, principal_of
from quadrangle.http.asking.authenticator import Authenticator
from quadrangle.http.streaming.live import Holds
from quadrangle.kernel.errors import QuadrangleError
from quadrangle.kernel.principal import Principal


def signed_in_still(
    request: Request[Any, Any, Any],
    authenticator: Authenticator,
    principal: Principal,
    require: Callable[[Principal], None],
) -> Holds:
    """Return what tells whether a request would be let in now, as it was: its token holds, it is
    of the same person, and `require`, which raises for who may not, lets them.

    So a stream ends with the token, a sign-out, a new password or PIN, and when the account is
    closed, disabled or demoted; also when nobody can be asked: browsers come back by themselves.
    """
    sender = PlainSender(request.headers, request.cookies, request.method)

    async def holds() -> bool:
        try:
            now = await principal_of(sender, authenticator, principal.origin or "")
            require(now)
        except QuadrangleError:
            return False
        return now.account_id == principal.account_id

    return holds
