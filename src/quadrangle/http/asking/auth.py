"""Who is asking: a Bearer token, an API key, or the page cookie with a header other sites cannot
send."""

import re
import secrets
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec
from litestar import Request
from litestar.datastructures import Cookie

from quadrangle.http.asking.authenticator import Authenticator
from quadrangle.http.asking.origins import FOREIGN
from quadrangle.http.injection import Injected
from quadrangle.kernel.errors import Forbidden, NotSignedIn
from quadrangle.kernel.principal import ANYONE, Principal

SESSION_COOKIE = "quadrangle_session"
REFRESH_COOKIE = "quadrangle_refresh"
REFRESH_PATH = "/api/accounts"
# Tells our scripts, and us, that the browser is signed in although the short cookie has run out.
# Its value is another one with each pair of tokens: so a tab sees that another has renewed them.
MARKER_COOKIE = "quadrangle_signed_in"
# Tells a browser in which somebody signed in before from others behind the same address. It lets
# nobody in; it stays when they sign out.
DEVICE_COOKIE = "quadrangle_device"
DEVICE_LIFE_S = 400 * 24 * 3600  # as long as browsers keep any
_MARK = re.compile(r"[A-Za-z0-9_-]{22}")
PAGE_HEADER = "x-requested-with"
PAGE_HEADER_VALUE = "quadrangle"
# What a machine sends, there or as a Bearer token, and how it begins.
KEY_HEADER = "x-api-key"
KEY_PREFIX = "qk_"
# The name under which a route says by which scope API keys may use it: see http/routes.py.
SCOPE = "scope"
# Where the gateway finds what it tells a machine of its plan: (requests an hour, left now).
PLAN_USE = "quadrangle.plan_use"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def provide_principal(
    request: Request[Any, Any, Any],
    authenticator: Injected[Authenticator],
    client_address: Injected[str],
) -> Principal:
    """Return the verified sender, ANYONE without credentials.

    Wrong credentials are an error even where none are needed, so that nobody acts as someone they
    did not mean to be. A page whose short cookie has run out reads as anyone does, but what it
    wants to change is refused until it has refreshed: a reply of staff would be a reporter's else.
    """
    scope = request.route_handler.opt.get(SCOPE)
    return await principal_with(request, scope, authenticator, client_address)


class Sender(Protocol):
    """What a request says of who sends it, whoever took it in: the framework, the hot lane, or
    what streams by itself. `headers` are found by their names in small letters."""

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def cookies(self) -> Mapping[str, str]: ...

    @property
    def method(self) -> str: ...


class Asking(Sender, Protocol):
    """The same, with what the gateway reads when it is answered."""

    @property
    def scope(self) -> Any: ...


class PlainSender(msgspec.Struct, frozen=True):
    """A Sender by its parts."""

    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    method: str


async def principal_with(
    asking: Asking, scope: str | None, authenticator: Authenticator, client_address: str | None
) -> Principal:
    """Return the same where API keys need `scope`; with None no key may."""
    token = bearer_of(asking.headers)
    key = asking.headers.get(KEY_HEADER)
    if key is None and token is not None and token.startswith(KEY_PREFIX):
        key, token = token, None
    if key is not None:
        if token is not None:
            raise NotSignedIn("Please send an API key or an access token, not both.")
        machine = await authenticator.authenticate_key(key, scope)
        asking.scope[PLAN_USE] = (machine.per_hour, machine.left)
        return _from(machine.principal, client_address)
    return await principal_of(asking, authenticator, client_address)


async def principal_of(
    sender: Sender, authenticator: Authenticator, client_address: str | None
) -> Principal:
    """Return who signed in by a token or the page cookie, ANYONE without; as `provide_principal`,
    for what no API key may do."""
    token = bearer_of(sender.headers)
    if token is not None:
        return _from(await authenticator.authenticate(token), client_address)
    cookie = sender.cookies.get(SESSION_COOKIE)
    changes = sender.method not in _SAFE_METHODS
    if cookie is not None:
        try:
            principal = await authenticator.authenticate(cookie)
        except NotSignedIn:
            pass
        else:
            if changes:
                require_page_header(sender)
            return _from(principal, client_address)
    if changes and MARKER_COOKIE in sender.cookies:
        raise NotSignedIn("Your sign-in has to be renewed. Please sign in again.")
    return ANYONE


def _from(principal: Principal, client_address: str | None) -> Principal:
    return msgspec.structs.replace(principal, origin=client_address)


def bearer_of(headers: Mapping[str, str]) -> str | None:
    """Return the access token of the Authorization header, None when there is no such header.

    Raises NotSignedIn for a header that holds something else.
    """
    header = headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("The Authorization header must be: Bearer <access token>.")
    return token.strip()


def require_page_header(request: Sender) -> None:
    """Raise Forbidden unless one of our pages sent this: other sites cannot send the header."""
    if request.headers.get(PAGE_HEADER) != PAGE_HEADER_VALUE:
        raise Forbidden(FOREIGN)


def signed_in_cookies(
    access: tuple[str, int], refresh: tuple[str, int], *, secure: bool
) -> list[Cookie]:
    """Return the cookies that sign a browser in: each token with its life in seconds."""
    marker = secrets.token_urlsafe(9)
    return [
        _cookie(SESSION_COOKIE, *access, "/", secure=secure),
        _cookie(REFRESH_COOKIE, *refresh, REFRESH_PATH, secure=secure),
        _cookie(MARKER_COOKIE, marker, refresh[1], "/", secure=secure, readable=True),
    ]


def access_cookie(access: tuple[str, int], *, secure: bool) -> Cookie:
    """Return the cookie that replaces the access token of a browser that stays signed in."""
    return _cookie(SESSION_COOKIE, *access, "/", secure=secure)


def new_mark() -> str:
    """Return a mark for a device that has none."""
    return secrets.token_urlsafe(16)


def is_mark(text: str) -> bool:
    """Tell whether a text may be a mark that was given out."""
    return _MARK.fullmatch(text) is not None


def device_cookie(mark: str, *, secure: bool) -> Cookie:
    """Return the cookie by which a device is known again."""
    return _cookie(DEVICE_COOKIE, mark, DEVICE_LIFE_S, REFRESH_PATH, secure=secure)


def signed_out_cookies(*, secure: bool) -> list[Cookie]:
    """Return what removes them."""
    return [
        _cookie(SESSION_COOKIE, "", 0, "/", secure=secure),
        _cookie(REFRESH_COOKIE, "", 0, REFRESH_PATH, secure=secure),
        _cookie(MARKER_COOKIE, "", 0, "/", secure=secure, readable=True),
    ]


def _cookie(
    name: str, value: str, max_age_s: int, path: str, *, secure: bool, readable: bool = False
) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        max_age=max_age_s,
        path=path,
        httponly=not readable,
        samesite="strict",
        secure=secure,
    )
