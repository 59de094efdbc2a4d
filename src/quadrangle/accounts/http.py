"""Signing in and out, one's own account, and the public keys."""

from typing import Any

from litestar import Request, Response, get, post, put
from litestar.params import JSONBody

from quadrangle.accounts import wire
from quadrangle.accounts.model import SignedIn
from quadrangle.accounts.service import AccountService
from quadrangle.http.auth import SESSION_COOKIE, session_cookie
from quadrangle.http.bodies import StrictBody
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems, without_body
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.principal import Principal

TAGS = ["Accounts"]
# Tokens and made secrets have no place in a cache.
PRIVATE = {"Cache-Control": "no-store"}
KEYS_MAX_AGE_S = 3600


@post(
    "/api/accounts/sign-in",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
    summary="Sign in with e-mail and password",
    tags=TAGS,
    responses=problems(400, 401, 413, 429),
)
async def sign_in(
    data: JSONBody[wire.SignInBody],
    accounts: Injected[AccountService],
    client_address: Injected[str],
    secure_cookies: Injected[bool],
) -> Response[wire.SignedInAnswer]:
    session = await accounts.sign_in.with_password(data.email, data.password, client_address)
    return _with_cookie(wire.signed_in(session), session, secure=secure_cookies)


@post(
    "/api/accounts/pin",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
    summary="Sign in with the staff PIN",
    tags=TAGS,
    responses=problems(400, 401, 413, 429),
)
async def sign_in_with_pin(
    data: JSONBody[wire.PinBody],
    accounts: Injected[AccountService],
    client_address: Injected[str],
    secure_cookies: Injected[bool],
) -> Response[wire.PinAnswer]:
    session = await accounts.sign_in.with_pin(data.pin, client_address)
    answer = wire.PinAnswer(session.access_token, session.expires_in)
    return _with_cookie(answer, session, secure=secure_cookies)


@post(
    "/api/accounts/refresh",
    return_dto=None,
    status_code=200,
    summary="Go on with new tokens, at most a week after signing in",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403),
)
async def refresh(
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
    secure_cookies: Injected[bool],
) -> Response[wire.SignedInAnswer]:
    token = _presented_token(request)
    if principal.role is None or token is None:
        raise NotSignedIn()
    session = await accounts.sessions.refresh(token)
    return _with_cookie(wire.signed_in(session), session, secure=secure_cookies)


@post(
    "/api/accounts/sign-out",
    return_dto=None,
    status_code=204,
    summary="Sign out: all tokens of this sign-in end",
    tags=TAGS,
    responses=without_body(204) | problems(401, 403),
)
async def sign_out(
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
    secure_cookies: Injected[bool],
) -> Response[None]:
    token = _presented_token(request)
    if principal.role is not None and token is not None:
        await accounts.sessions.sign_out(token)
    cookie = session_cookie("", 0, secure=secure_cookies)
    return Response(None, status_code=204, cookies=[cookie], headers=PRIVATE)


@get(
    "/api/accounts/me",
    return_dto=None,
    summary="Who is signed in",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401),
)
async def who_am_i(
    principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire.Me]:
    return Response(wire.me(await accounts.sessions.me(principal)), headers=PRIVATE)


@put(
    "/api/accounts/me/password",
    dto=StrictBody,
    return_dto=None,
    status_code=204,
    summary="Change one's own password; every other sign-in ends",
    tags=TAGS,
    security=SIGNED_IN,
    responses=without_body(204) | problems(400, 401, 403, 409, 413, 429),
)
async def change_password(
    data: JSONBody[wire.PasswordBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
    client_address: Injected[str],
    secure_cookies: Injected[bool],
) -> Response[None]:
    session = await accounts.secrets.change_password(
        principal, data.current_password, data.new_password, client_address
    )
    if SESSION_COOKIE in request.cookies:  # the page that did it stays signed in
        return _with_cookie(None, session, secure=secure_cookies, status=204)
    return Response(None, status_code=204)


@get(
    "/.well-known/jwks.json",
    return_dto=None,
    summary="The keys our access tokens are checked with",
    tags=TAGS,
    responses=problems(),
)
async def public_keys(accounts: Injected[AccountService]) -> Response[wire.KeySet]:
    headers = {"Cache-Control": f"public, max-age={KEYS_MAX_AGE_S}"}
    return Response(wire.KeySet(**accounts.public_keys()), headers=headers)


def _presented_token(request: Request[Any, Any, Any]) -> str | None:
    """Return the token the principal was read from (http.auth.provide_principal)."""
    header = request.headers.get("authorization")
    if header is not None:
        return header.partition(" ")[2].strip()
    return request.cookies.get(SESSION_COOKIE)


def _with_cookie(
    content: Any, session: SignedIn, *, secure: bool, status: int = 200
) -> Response[Any]:
    cookie = session_cookie(session.page_token, session.page_expires_in, secure=secure)
    return Response(content, status_code=status, cookies=[cookie], headers=PRIVATE)


ROUTES = [sign_in, sign_in_with_pin, refresh, sign_out, who_am_i, change_password, public_keys]
