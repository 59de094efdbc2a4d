"""One's own account: who one is, the password, the sign-ins."""

from typing import Any

from litestar import Request, Response
from litestar.params import JSONBody

from quadrangle.accounts.http import wire
from quadrangle.accounts.http.cookies import still_signed_in
from quadrangle.accounts.http.parameters import SessionId
from quadrangle.accounts.model import Place
from quadrangle.accounts.service import AccountService
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.asking.auth import SESSION_COOKIE, bearer_of
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.principal import Principal

calls = Calls("Accounts")


@calls.get("/api/accounts/me", "Who is signed in", SIGNED_IN, only=(401,))
async def who_am_i(
    principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire.Me]:
    return Response(wire.me(await accounts.own.overview(principal)), headers=PRIVATE)


@calls.patch("/api/accounts/me", "Change one's own name", SIGNED_IN, fails=(409,))
async def rename_me(
    data: JSONBody[wire.NameBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire.Person]:
    account = await accounts.own.rename(principal, data.name)
    return Response(wire.person(account), headers=PRIVATE)


@calls.put(
    "/api/accounts/me/password",
    "Change one's own password; every other sign-in ends",
    SIGNED_IN,
    status=204,
    fails=(409, 429),
)
async def change_password(
    data: JSONBody[wire.PasswordBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[None]:
    session = await accounts.secrets.change_password(
        principal, data.current_password, data.new_password, place
    )
    if SESSION_COOKIE in request.cookies:  # the page that did it stays signed in
        return still_signed_in(session, secure=secure_cookies)
    return Response(None, status_code=204)


@calls.get("/api/accounts/me/sessions", "One's own sign-ins, the one seen last first", SIGNED_IN)
async def my_sessions(
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire.SessionList]:
    found = await accounts.sessions.of_account(principal)
    token = bearer_of(request.headers) or request.cookies[SESSION_COOKIE]
    current = await accounts.sessions.session_of(token)
    listed = [wire.session(each, current=each.sid == current) for each in found]
    return Response(wire.SessionList(listed), headers=PRIVATE)


@calls.delete(
    "/api/accounts/me/sessions/{sessionId:str}", "End one of one's own sign-ins", SIGNED_IN
)
async def end_session(
    session_id: SessionId,
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> None:
    await accounts.sessions.end_one(session_id, principal)


OFTEN = [who_am_i, rename_me]  # of one address
SELDOM = [change_password, my_sessions, end_session]
