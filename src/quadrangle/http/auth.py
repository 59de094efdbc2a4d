"""Who is asking: a Bearer token, or the page cookie with a header other sites cannot send."""

from typing import Any, Protocol

from litestar import Request
from litestar.datastructures import Cookie

from quadrangle.http.injection import Injected
from quadrangle.kernel.errors import Forbidden, NotSignedIn
from quadrangle.kernel.principal import ANYONE, Principal

SESSION_COOKIE = "quadrangle_session"
PAGE_HEADER = "x-requested-with"
PAGE_HEADER_VALUE = "quadrangle"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Authenticator(Protocol):
    """Verifies access tokens. Raises NotSignedIn for one that is wrong, expired or ended."""

    async def authenticate(self, token: str) -> Principal: ...


async def provide_principal(
    request: Request[Any, Any, Any], authenticator: Injected[Authenticator]
) -> Principal:
    """Return the verified sender, ANYONE without credentials.

    Wrong credentials are an error even where none are needed, so that nobody acts as someone they
    did not mean to be. An ended page session is not: the reporter's pages must go on working.
    """
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotSignedIn("The Authorization header must be: Bearer <access token>.")
        return await authenticator.authenticate(token.strip())
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie is None:
        return ANYONE
    try:
        principal = await authenticator.authenticate(cookie)
    except NotSignedIn:
        return ANYONE
    if request.method not in _SAFE_METHODS:
        _require_page_header(request)
    return principal


def _require_page_header(request: Request[Any, Any, Any]) -> None:
    if request.headers.get(PAGE_HEADER) != PAGE_HEADER_VALUE:
        raise Forbidden("This request did not come from one of our pages.")


def session_cookie(token: str, max_age_s: int, *, secure: bool) -> Cookie:
    """Return the cookie that signs a browser in; `max_age_s` 0 and an empty token sign it out."""
    return Cookie(
        key=SESSION_COOKIE,
        value=token,
        max_age=max_age_s,
        httponly=True,
        samesite="strict",
        secure=secure,
    )
