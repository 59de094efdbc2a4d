"""One's authenticator app and recovery codes."""

from typing import Any

from litestar import Request, Response
from litestar.params import JSONBody

from quadrangle.accounts.http import wire_factors as wire
from quadrangle.accounts.http.cookies import carried_on
from quadrangle.accounts.http.current import CURRENT
from quadrangle.accounts.model import Place, Session
from quadrangle.accounts.service import AccountService
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.principal import Principal

calls = Calls("Accounts")


@calls.post(
    "/api/accounts/me/totp",
    "Begin to set up an authenticator app",
    SIGNED_IN,
    status=200,
    fails=(409, 429),
    dependencies=CURRENT,
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


@calls.post(
    "/api/accounts/me/totp/confirm",
    "Take the app into use with its first code; every other sign-in ends",
    SIGNED_IN,
    status=200,
    fails=(409, 410),
    dependencies=CURRENT,
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


@calls.post(
    "/api/accounts/me/totp/remove",
    "Take the authenticator app away; every other sign-in ends",
    SIGNED_IN,
    status=204,
    fails=(409, 429),
    dependencies=CURRENT,
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


@calls.post(
    "/api/accounts/me/recovery-codes",
    "Make ten new recovery codes; the old ones end",
    SIGNED_IN,
    status=200,
    fails=(409, 429),
    dependencies=CURRENT,
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
