"""Signing in and out, refreshing, and the public keys."""

from typing import Any

from litestar import Request, Response
from litestar.params import JSONBody
from msgspec import UNSET

from quadrangle.accounts.http import wire
from quadrangle.accounts.http.cookies import no_longer_signed_in, signed_in, signed_out
from quadrangle.accounts.model import Place
from quadrangle.accounts.service import AccountService
from quadrangle.http.asking.auth import (
    REFRESH_COOKIE,
    SESSION_COOKIE,
    bearer_of,
    require_page_header,
)
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.principal import Principal

calls = Calls("Accounts")
KEYS_MAX_AGE_S = 3600


@calls.post(
    "/api/accounts/sign-in",
    "Sign in with e-mail and password, and a code where one is set up",
    status=200,
    fails=(401, 429),
)
async def sign_in(
    data: JSONBody[wire.SignInBody],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[wire.SignedInAnswer]:
    code = None if data.code is UNSET else data.code
    session = await accounts.sign_in.with_password(data.email, data.password, place, code)
    return signed_in(session, secure=secure_cookies, mark=place.mark)


@calls.post("/api/accounts/pin", "Sign in with the staff PIN", status=200, fails=(401, 403, 429))
async def sign_in_with_pin(
    data: JSONBody[wire.PinBody],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[wire.SignedInAnswer]:
    session = await accounts.sign_in.with_pin(data.pin, place)
    return signed_in(session, secure=secure_cookies, mark=place.mark)


@calls.post(
    "/api/accounts/refresh",
    "Go on with new tokens, by the refresh token, which is replaced",
    status=200,
    fails=(401, 403),
)
async def refresh(
    data: JSONBody[wire.RefreshBody],
    request: Request[Any, Any, Any],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[Any]:
    if data.refresh_token is not UNSET:
        session = await accounts.sessions.refresh(data.refresh_token, place)
        return signed_in(session, secure=secure_cookies)
    token = request.cookies.get(REFRESH_COOKIE)
    if token is None:
        raise NotSignedIn()
    require_page_header(request)
    try:
        session = await accounts.sessions.refresh(token, place)
    except NotSignedIn as error:
        return no_longer_signed_in(error, secure=secure_cookies)
    return signed_in(session, secure=secure_cookies)


@calls.post(
    "/api/accounts/sign-out",
    "Sign out: all tokens of this sign-in end",
    status=204,
    fails=(401, 403),
)
async def sign_out(
    request: Request[Any, Any, Any],
    accounts: Injected[AccountService],
    secure_cookies: Injected[bool],
) -> Response[None]:
    token = bearer_of(request.headers)
    if token is None:
        token = request.cookies.get(REFRESH_COOKIE) or request.cookies.get(SESSION_COOKIE)
        if token is not None:
            require_page_header(request)
    if token is not None:
        await accounts.sessions.sign_out(token)
    return signed_out(secure=secure_cookies)


@calls.post(
    "/api/accounts/sign-out-everywhere",
    "End every sign-in of one's own account",
    SIGNED_IN,
    status=204,
)
async def sign_out_everywhere(
    principal: Injected[Principal],
    accounts: Injected[AccountService],
    secure_cookies: Injected[bool],
) -> Response[None]:
    await accounts.sessions.end_own(principal)
    return signed_out(secure=secure_cookies)


@calls.get("/.well-known/jwks.json", "The keys our access tokens are checked with")
async def public_keys(accounts: Injected[AccountService]) -> Response[wire.KeySet]:
    headers = {"Cache-Control": f"public, max-age={KEYS_MAX_AGE_S}"}
    return Response(wire.KeySet(**accounts.public_keys()), headers=headers)


OFTEN = [sign_in, refresh, sign_out, public_keys]
SELDOM = [sign_in_with_pin, sign_out_everywhere]
