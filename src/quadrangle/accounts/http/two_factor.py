"""One's authenticator app and recovery codes."""

from typing import Any

from litestar import Request, Response, post
from litestar.params import JSONBody

from quadrangle.accounts.http import wire_factors as wire
from quadrangle.accounts.http.cookies import carried_on
from quadrangle.accounts.http.current import CURRENT
from quadrangle.accounts.model import Place, Session
from quadrangle.accounts.service import AccountService
from quadrangle.http.bodies import StrictBody
from quadrangle.http.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems, without_body
from quadrangle.kernel.principal import Principal

TAGS = ["Accounts"]


@post(
    "/api/accounts/me/totp",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
    summary="Begin to set up an authenticator app",
    tags=TAGS,
    security=SIGNED_IN,
    dependencies=CURRENT,
    responses=problems(400, 401, 403, 409, 413, 429),
)
async def begin_totp(
    data: JSONBody[wire.PasswordOnlyBody],
    principal: Injected[Principal],
    session: Injected[Session | None],
    accounts: Injected[AccountService],
    place: Injected[Place],
) -> Response[wire.TotpSetup]:
    setup = await accounts.two_factor.begin(principal, data.password, session, place)
    return Response(wire.setup(setup), headers=PRIVATE)


@post(
    "/api/accounts/me/totp/confirm",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
    summary="Take the app into use with its first code; every other sign-in ends",
    tags=TAGS,
    security=SIGNED_IN,
    dependencies=CURRENT,
    responses=problems(400, 401, 403, 409, 410, 413),
)
async def confirm_totp(
    data: JSONBody[wire.ConfirmTotpBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    session: Injected[Session | None],
    accounts: Injected[AccountService],
    secure_cookies: Injected[bool],
) -> Response[wire.RecoveryCodeList]:
    codes, access = await accounts.two_factor.confirm(principal, data.enrolment, data.code, session)
    content = wire.RecoveryCodeList(codes)
    cookies = carried_on(access, request, secure=secure_cookies)
    return Response(content, cookies=cookies, headers=PRIVATE)


@post(
    "/api/accounts/me/totp/remove",
    dto=StrictBody,
    return_dto=None,
    status_code=204,
    summary="Take the authenticator app away; every other sign-in ends",
    tags=TAGS,
    security=SIGNED_IN,
    dependencies=CURRENT,
    responses=without_body(204) | problems(400, 401, 403, 409, 413, 429),
)
async def remove_totp(
    data: JSONBody[wire.RemoveTotpBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    session: Injected[Session | None],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[None]:
    access = await accounts.two_factor.remove(principal, data.password, data.code, session, place)
    cookies = carried_on(access, request, secure=secure_cookies)
    return Response(None, cookies=cookies, headers=PRIVATE)


@post(
    "/api/accounts/me/recovery-codes",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
    summary="Make ten new recovery codes; the old ones end",
    tags=TAGS,
    security=SIGNED_IN,
    dependencies=CURRENT,
    responses=problems(400, 401, 403, 409, 413, 429),
)
async def renew_recovery_codes(
    data: JSONBody[wire.PasswordOnlyBody],
    principal: Injected[Principal],
    session: Injected[Session | None],
    accounts: Injected[AccountService],
    place: Injected[Place],
) -> Response[wire.RecoveryCodeList]:
    codes = await accounts.two_factor.renew_codes(principal, data.password, session, place)
    return Response(wire.RecoveryCodeList(codes), headers=PRIVATE)


ROUTES = [begin_totp, confirm_totp, remove_totp, renew_recovery_codes]
